import { useEffect } from 'react';

const ownTitle = 'Longhaul';

/** Sets the title of the browser tab, so that visitors in another tab see when a run needs them or has ended. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? ownTitle : `${title} · ${ownTitle}`;
    return () => {
      document.title = ownTitle;
    };
  }, [title]);
}
