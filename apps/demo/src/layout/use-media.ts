import { useCallback, useSyncExternalStore } from 'react';

/** Whether the window is at least this wide. */
export function useIsWide(rem: number): boolean {
  const query = `(width >= ${rem}rem)`;
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
