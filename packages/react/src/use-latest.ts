import { type RefObject, useInsertionEffect, useRef } from 'react';

/**
 * Returns a ref with the value of the latest committed render. Functions that stay the same between renders read it, so
 * inline options and callbacks do not restart anything.
 */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  // Before every other effect, so that none of them reads the value of the previous render.
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
