/** The id of an iteration's element in the transcript. */
export function iterationAnchor(runId: string, iteration: number): string {
  return `iteration-${runId}-${iteration}`;
}

/** The id of a call's card in the transcript. */
export function callAnchor(callId: string): string {
  return `call-${callId}`;
}

/** Scrolls the transcript to the first of these elements that exists, and marks it for a moment. */
export function showAnchor(...anchors: readonly string[]): void {
  const element = anchors.map((id) => document.getElementById(id)).find((one) => one !== null);
  if (element === undefined) return;
  element.scrollIntoView({ block: 'start', behavior: 'smooth' });
  element.removeAttribute('data-flash');
  // The animation starts again only after the browser has seen the element without the attribute.
  requestAnimationFrame(() => element.setAttribute('data-flash', ''));
}
