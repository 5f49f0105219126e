import { feedLoop, newLoop } from './model-loop.ts';
import type { ModelAsk, ModelProcess, Operation } from './model-process.ts';
import type { LoopEvent, ModelRun } from './model-run.ts';

/**
 * The number of the pending call, and of the request of the context, in the model. The machine's own numbers always grow, so with them no two states would
 * be equal.
 */
export const currentCall = 1;

export function send(process: ModelProcess, operation: Operation): ModelProcess {
  return { ...process, operations: [...process.operations, operation] };
}

/** Sends the loop's next save, unless it is sent already. */
export function sendCommit(process: ModelProcess): ModelProcess {
  const isSent = process.operations.some(({ type, orphan }) => type === 'commit' && !orphan);
  if (process.loop.commit === null || isSent) return process;
  return send(process, { type: 'commit', isAwaited: false });
}

export function feed(process: ModelProcess, event: LoopEvent): ModelProcess {
  return sendCommit({ ...process, loop: feedLoop(process.loop, event) });
}

/** Replaces the loop. The save of the previous loop may still be pending. */
export function replaceLoop(process: ModelProcess, run: ModelRun, imports: boolean): ModelProcess {
  const { commit } = process.loop;
  const operations = process.operations.map((one) =>
    one.type === 'commit' && !one.orphan && commit ? { ...one, orphan: commit } : one,
  );
  return { ...process, loop: newLoop(run, imports), operations };
}

export function withoutAsk(process: ModelProcess, ask: ModelAsk): ModelProcess {
  return { ...process, asks: process.asks.filter((one) => one !== ask) };
}

/** Makes equivalent states equal: removes growing numbers, and calls whose answers change nothing. */
export function normalise(process: ModelProcess): ModelProcess {
  const { own } = process;
  const call = own.call && { ...own.call, id: currentCall };
  const operations: Operation[] = [];
  let isMissing = call !== null;
  for (const one of process.operations.toReversed()) {
    // The machine waits only for the last call.
    const isAwaited = isMissing && one.isAwaited && one.type === call?.type;
    if (isAwaited) isMissing = false;
    if (isAwaited || (one.type !== 'load' && one.type !== 'receive'))
      operations.unshift({ ...one, isAwaited });
  }
  return { ...process, own: { ...own, calls: currentCall, contexts: currentCall, call }, operations };
}
