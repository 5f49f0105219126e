import type { Agent } from '../../agent/define-agent.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { ErrorView } from '../../engine/view/run-view.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import { messageText } from '../../wire/message-text.ts';

/** The output items of the last iteration. */
function lastOutput(items: readonly StoredItem[]): readonly OutputItem[] {
  const outputs = items.filter((item) => item.type === 'output');
  const last = outputs.at(-1)?.iteration;
  return outputs.filter((item) => item.iteration === last).map((item) => item.item);
}

/** Reads the structured output of a completed run: a misfit is a failure of its own kind (I11). */
export async function readOutput(
  agent: Agent,
  items: readonly StoredItem[],
): Promise<{
  readonly output?: JsonValue;
  readonly value?: unknown;
  readonly error?: ErrorView;
  readonly cause?: unknown;
}> {
  const result = await agent.output?.read(messageText(lastOutput(items)));
  if (result === undefined) return {};
  if (result.ok) return { output: result.arguments, value: result.value };
  return { error: { code: 'invalid_output', message: result.message }, cause: result.cause };
}
