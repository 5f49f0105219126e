import { useEffect, useRef, type RefObject } from 'react';

/** How far from the end still counts as being there, in pixels. */
const near = 160;

function scrollerOf(element: Element): Element {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    const { overflowY } = getComputedStyle(at);
    if ((overflowY === 'auto' || overflowY === 'scroll') && at.scrollHeight > at.clientHeight) return at;
  }
  return document.documentElement;
}

/**
 * Keeps the end of what grows in sight, as long as whoever reads it is there; whoever scrolls back is left in peace.
 *
 * @param content Changes whenever there may be more to see.
 * @returns A ref for the element at the end.
 */
export function useStickToEnd(content: unknown): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  const isThere = useRef(true);
  useEffect(() => {
    const remember = (): void => {
      if (end.current === null) return;
      const { scrollHeight, scrollTop, clientHeight } = scrollerOf(end.current);
      isThere.current = scrollHeight - scrollTop - clientHeight < near;
    };
    addEventListener('scroll', remember, { capture: true, passive: true });
    return () => removeEventListener('scroll', remember, { capture: true });
  }, []);
  useEffect(() => {
    if (end.current === null || !isThere.current) return;
    const scroller = scrollerOf(end.current);
    scroller.scrollTop = scroller.scrollHeight;
  }, [content]);
  return end;
}
