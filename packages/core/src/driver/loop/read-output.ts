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

/** `output` is the JSON, and `value` the output of the schema. `error`: the text does not match the schema. */
interface ReadOutput {
  readonly output?: JsonValue;
  readonly value?: unknown;
  readonly error?: ErrorView;
  readonly cause?: unknown;
}

/** Reads the structured output of a completed run. A text that does not match the schema fails the run (I11). */
async function readOutput(agent: Agent, items: readonly StoredItem[]): Promise<ReadOutput> {
  const result = await agent.output?.read(messageText(lastOutput(items)));
  if (result === undefined) return {};
  if (result.ok) return { output: result.arguments, value: result.value };
  return { error: { code: 'invalid_output', message: result.message }, cause: result.cause };
}

/** Parses the structured output once, until the agent changes. `items` are the run's, and may grow until its end. */
export class OutputReader {
  readonly #items: readonly StoredItem[];
  #agent: Agent | undefined;
  #output: Promise<ReadOutput> | undefined;

  constructor(items: readonly StoredItem[]) {
    this.#items = items;
  }

  /** Only for a run whose last response has completed. */
  read(agent: Agent): Promise<ReadOutput> {
    if (this.#output === undefined || this.#agent !== agent) {
      this.#agent = agent;
      this.#output = readOutput(agent, this.#items);
    }
    return this.#output;
  }
}
