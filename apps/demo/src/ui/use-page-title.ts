import { useEffect } from 'react';

const ownTitle = 'Longhaul';

/** What the browser's tab says while this is shown: whoever is elsewhere sees there when a run needs them or is done. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? ownTitle : `${title} · ${ownTitle}`;
    return () => {
      document.title = ownTitle;
    };
  }, [title]);
}
