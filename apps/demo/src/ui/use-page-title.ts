import { useEffect } from 'react';

const ownTitle = 'Longhaul';

/**
 * Sets the title of the browser tab, so that visitors in another tab see when a run needs them or has ended.
 *
 * @param waiting The number of other conversations that wait for the visitor
 */
export function usePageTitle(title: string | undefined, waiting: number): void {
  useEffect(() => {
    const mark = waiting === 0 ? '' : `(${waiting}) `;
    document.title = mark + (title === undefined ? ownTitle : `${title} · ${ownTitle}`);
    return () => {
      document.title = ownTitle;
    };
  }, [title, waiting]);
}
