import type { OutputItem } from '../../wire/items.ts';
import type { FaultList } from '../faults/fault-list.ts';
import { callMadeBy } from './conversation.ts';

/** Sets the same `call_id` on every call. If the response has only one call, repeats it. */
function sameCallId(items: readonly OutputItem[], itemId: (type: string) => string): readonly OutputItem[] {
  const calls = items.filter((item) => callMadeBy(item) !== undefined);
  const [first] = calls;
  if (first === undefined) return items;
  const again = calls.length === 1 ? [{ ...first, id: itemId(first.type) }] : [];
  return [...items, ...again].map((item) =>
    callMadeBy(item) === undefined ? item : { ...item, call_id: first['call_id'] ?? '' },
  );
}

/** Takes and applies the faults that change the calls in the model's output. */
export function bentOutput(
  items: readonly OutputItem[],
  iterationIndex: number,
  faults: FaultList,
  itemId: (type: string) => string,
): readonly OutputItem[] {
  const hasCalls = items.some((item) => callMadeBy(item) !== undefined);
  if (!hasCalls) return items;
  const same = faults.take('same-call-id', iterationIndex);
  const named = same === undefined ? items : sameCallId(items, itemId);
  const answered = faults.take('call-with-output', iterationIndex);
  if (answered === undefined) return named;
  return named.flatMap((item) => {
    const call = item.type === 'function_call' ? callMadeBy(item) : undefined;
    if (call === undefined) return [item];
    const type = 'function_call_output';
    const output = answered.output ?? 'done';
    return [item, { id: itemId(type), type, status: 'completed', call_id: call, output }];
  });
}
