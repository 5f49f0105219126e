/** The state of the page that shows runs (port). Tests provide their own. */
export interface PageState {
  /** Whether the page is visible. True outside a page. */
  readonly isVisible: boolean;
  /** Calls `changed` after the visibility has changed, and `online` when the network is back. */
  watch(changed: () => void, online: () => void): () => void;
}

/** The state of the page that this code runs in. In a process without a page, nothing changes. */
export const thisPage: PageState = {
  get isVisible() {
    return typeof document === 'undefined' || document.visibilityState !== 'hidden';
  },
  watch(changed, online) {
    const ended = new AbortController();
    const { signal } = ended;
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', changed, { signal });
    // Workers have `online` too, but no `window`.
    if (typeof addEventListener === 'function') addEventListener('online', online, { signal });
    return () => ended.abort();
  },
};
