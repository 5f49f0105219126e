import type { RunView } from './run-view.ts';

/**
 * Returns a newer view with the text that has streamed so far. A save does not contain the items of a response that
 * still streams, so a view that is made of a save would make the text of that response shorter.
 *
 * @param shown The view so far.
 * @param newer A view of the same run.
 */
export function keepStreamed(shown: RunView, newer: RunView): RunView {
  const { iteration, waiting, runId } = newer;
  const isSame =
    waiting !== null &&
    shown.runId === runId &&
    shown.iteration === iteration &&
    shown.waiting?.responseId === waiting.responseId;
  if (!isSame || streamedSize(newer) >= streamedSize(shown)) return newer;
  const { text, commentary, agentTexts } = shown;
  return {
    ...newer,
    text,
    commentary,
    agentTexts,
    items: withIteration(newer.items, shown.items, iteration),
    toolCalls: withIteration(newer.toolCalls, shown.toolCalls, iteration),
  };
}

/** The size of the current iteration's items. It grows while they stream. */
function streamedSize({ items, iteration }: RunView): number {
  return JSON.stringify(items.filter((item) => item.iteration === iteration)).length;
}

/** The list with the entries of the last iteration from another list. */
function withIteration<Entry extends { readonly iteration: number }>(
  list: readonly Entry[],
  from: readonly Entry[],
  iteration: number,
): readonly Entry[] {
  return [
    ...list.filter((entry) => entry.iteration !== iteration),
    ...from.filter((entry) => entry.iteration === iteration),
  ];
}
