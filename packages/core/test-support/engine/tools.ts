import type { Assessment } from '../../src/engine/engine-event.ts';
import type { StoredItem } from '../../src/engine/stored-item.ts';

/** The assessment of a call, by the name of its tool. */
export function verdictOf(items: readonly StoredItem[], iteration: number, callId: string): Assessment {
  const name = nameOf(items, iteration, callId);
  if (name === 'broken') {
    const error = { code: 'invalid_arguments', message: 'No.' };
    return { callId, arguments: undefined, verdict: 'fail', error };
  }
  return {
    callId,
    arguments: {},
    changedArguments: {},
    verdict: name === 'asks' ? 'ask' : 'run',
    idempotent: name === 'safe',
    external: name === 'external',
    // Another value after a resume, if other calls were settled before it.
    ...(name === 'asks' ? { approvalView: items.length } : {}),
  };
}

/** The name of the tool that a call of an iteration calls. */
export function nameOf(items: readonly StoredItem[], iteration: number, callId: string): string {
  const item = items.find(
    (one) => one.type === 'output' && one.iteration === iteration && one.item['call_id'] === callId,
  );
  return item?.type === 'output' ? String(item.item['name']) : '';
}
