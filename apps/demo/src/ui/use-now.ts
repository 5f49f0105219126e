import { useEffect, useState } from 'react';

/** The time, renewed every `everyMs` while `active`, so that what counts up or down moves. */
export function useNow(active: boolean, everyMs = 250): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const renew = (): void => setNow(Date.now());
    const first = setTimeout(renew);
    const timer = active ? setInterval(renew, everyMs) : undefined;
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [active, everyMs]);
  return now;
}
