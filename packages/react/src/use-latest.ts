import { type RefObject, useInsertionEffect, useRef } from 'react';

/**
 * The value of the latest committed render, for functions that stay the same over renders: options and callbacks
 * written inline must restart nothing.
 */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  // Before every other effect, so that none of them reads the value of the render before.
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
