import { useEffect, useRef, useState, type RefCallback, type RefObject } from 'react';

/** The number of pixels below the edge of the pane up to which the end counts as visible. */
const near = 120;

function isInSight(end: Element, pane: Element): boolean {
  const { top } = end.getBoundingClientRect();
  const edge = pane.getBoundingClientRect();
  return top >= edge.top && top <= edge.bottom + near;
}

/**
 * Keeps the end of growing content visible while the visitor is at the end. Does not scroll after the visitor scrolls
 * away from the end.
 *
 * @param content Changes when the content may have grown
 * @returns Refs for the pane that scrolls, and for the element at its end
 */
export function useStickToEnd(content: unknown): {
  readonly pane: RefCallback<HTMLElement>;
  readonly end: RefObject<HTMLDivElement | null>;
} {
  const end = useRef<HTMLDivElement>(null);
  const isThere = useRef(true);
  useEffect(() => {
    const remember = ({ target }: Event): void => {
      if (end.current === null || !(target instanceof Element) || !target.contains(end.current)) return;
      isThere.current = isInSight(end.current, target);
    };
    // Scroll events do not bubble, so listen to the pane that contains the end.
    addEventListener('scroll', remember, { capture: true, passive: true });
    return () => removeEventListener('scroll', remember, { capture: true });
  }, []);
  useEffect(() => {
    if (isThere.current && content !== undefined) end.current?.scrollIntoView({ block: 'nearest' });
  }, [content]);
  const [pane] = useState(() => (element: HTMLElement | null) => {
    if (element === null) return undefined;
    // The pane shrinks when the parts below it grow, for example by a waiting message, or when a keyboard opens.
    const observer = new ResizeObserver(() => {
      if (isThere.current) end.current?.scrollIntoView({ block: 'nearest' });
    });
    observer.observe(element);
    return () => observer.disconnect();
  });
  return { pane, end };
}
