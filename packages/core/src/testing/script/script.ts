import type { Item, ToolOutput } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Iteration } from './iteration.ts';

/** The create request that a scripted model gets: the parameters of the body, and values derived from them. */
export interface ScriptRequest extends JsonObject {
  readonly model: string;
  /** The unchanged body. Its parameters are also fields of this object, except those with the name of a field below. */
  readonly body: JsonObject;
  /** The number of the model's earlier turns in this conversation, chained or replayed: 0 at the first create. */
  readonly iterationIndex: number;
  /** The whole conversation, oldest first, including the items of the previous responses. */
  readonly items: readonly Item[];
  /** The tool outputs of the whole conversation by call id. */
  readonly outputs: { readonly [callId: string]: ToolOutput };
  /** The text of the user's last message. */
  readonly userText: string;
}

/**
 * The scripted model. An array contains the iterations of one conversation. The emulator derives the iteration from the
 * conversation in the request. So one array serves any number of concurrent runs, chained or replayed, and creates that
 * repeat a failed iteration. A function returns an iteration for each request.
 *
 * @example (request) => request.iterationIndex === 0
 *   ? { calls: [{ name: 'get_weather', arguments: { city: request.userText } }] }
 *   : { text: `It is ${Object.values(request.outputs)[0]}.` }
 */
export type Script = readonly Iteration[] | ((request: ScriptRequest) => Iteration | Promise<Iteration>);
