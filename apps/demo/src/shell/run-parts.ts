import { lazy } from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';

const loadRunPage = () => retryOnFailure(() => import('../run/run-page.tsx'));
const loadInspector = () => retryOnFailure(() => import('../inspector/inspector.tsx'));

/** The modules that are needed for a run. They are not part of the first load. */
export const RunPage = lazy(async () => ({ default: (await loadRunPage()).RunPage }));
export const Inspector = lazy(async () => ({ default: (await loadInspector()).Inspector }));

let preloaded = false;

/** Loads both modules, and the Markdown renderer, before a run is shown. */
export function preloadRunParts(): void {
  if (preloaded) return;
  preloaded = true;
  // A failed load is repeated when the module is needed, and reported then.
  const failed = (): void => {
    preloaded = false;
  };
  loadRunPage().catch(failed);
  loadInspector().catch(failed);
  import('../ui/rendered-markdown.tsx').catch(failed);
}
