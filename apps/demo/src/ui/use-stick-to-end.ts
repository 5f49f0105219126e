import { useEffect, useRef, type RefObject } from 'react';

/** How far below the window's edge the end still counts as being in sight, in pixels. */
const near = 120;

function isInSight(element: Element): boolean {
  const { top } = element.getBoundingClientRect();
  return top >= 0 && top <= innerHeight + near;
}

/**
 * Keeps the end of what grows in sight, as long as whoever reads it is there; whoever scrolls away is left in peace.
 *
 * @param content Changes whenever there may be more to see.
 * @returns A ref for the element at the end.
 */
export function useStickToEnd(content: unknown): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  const isThere = useRef(true);
  useEffect(() => {
    const remember = ({ target }: Event): void => {
      if (end.current === null || !(target instanceof Node) || !target.contains(end.current)) return;
      isThere.current = isInSight(end.current);
    };
    // Scrolling does not bubble; panes scroll by themselves, and only that of the end counts.
    addEventListener('scroll', remember, { capture: true, passive: true });
    return () => removeEventListener('scroll', remember, { capture: true });
  }, []);
  useEffect(() => {
    if (isThere.current && content !== undefined) end.current?.scrollIntoView({ block: 'nearest' });
  }, [content]);
  return end;
}
