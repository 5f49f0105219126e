import { lazy } from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';

const loadThreadScreen = () => retryOnFailure(() => import('../thread/thread-screen.tsx'));

/** The modules that are needed for a conversation. They are not part of the first load. */
export const ThreadScreen = lazy(async () => ({ default: (await loadThreadScreen()).ThreadScreen }));
export const RunLink = lazy(async () => ({
  default: (await retryOnFailure(() => import('../thread/run-link.tsx'))).RunLink,
}));

let preloaded = false;

/** Loads the modules of a conversation, and the Markdown renderer, before a conversation is shown. */
export function preloadRunParts(): void {
  if (preloaded) return;
  preloaded = true;
  // A failed load is repeated when the module is needed, and reported then.
  const failed = (): void => {
    preloaded = false;
  };
  loadThreadScreen().catch(failed);
  import('../ui/rendered-markdown.tsx').catch(failed);
}
