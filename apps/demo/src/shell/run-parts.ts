import { lazy } from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';

const loadRunPage = () => retryOnFailure(() => import('../run/run-page.tsx'));
const loadInspector = () => retryOnFailure(() => import('../inspector/inspector.tsx'));

/** What is needed once there is a run: not part of the first load. */
export const RunPage = lazy(async () => ({ default: (await loadRunPage()).RunPage }));
export const Inspector = lazy(async () => ({ default: (await loadInspector()).Inspector }));

let preloaded = false;

/** Loads both, and what shows their text, as soon as a run is about to be shown. */
export function preloadRunParts(): void {
  if (preloaded) return;
  preloaded = true;
  // What fails here is loaded again where it is needed, and told there.
  const failed = (): void => {
    preloaded = false;
  };
  loadRunPage().catch(failed);
  loadInspector().catch(failed);
  import('../ui/rendered-markdown.tsx').catch(failed);
}
