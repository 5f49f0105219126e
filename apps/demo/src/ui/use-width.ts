import { useState, type RefCallback } from 'react';

/** Measures an element. The width is undefined before the first measurement, and stays while the element is hidden. */
export function useWidth(): {
  readonly measure: RefCallback<HTMLElement>;
  readonly width: number | undefined;
} {
  const [width, setWidth] = useState<number>();
  const [measure] = useState(() => (element: HTMLElement | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  });
  return { measure, width };
}
