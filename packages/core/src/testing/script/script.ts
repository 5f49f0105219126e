import type { Item, ToolOutput } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Iteration } from './iteration.ts';

/** A create request as a scripted model sees it: the body's own parameters, and what they resolve to. */
export interface ScriptRequest extends JsonObject {
  readonly model: string;
  /** The body as it was sent; its parameters are also here directly, save where a fact below has the name. */
  readonly body: JsonObject;
  /** Turns that the model has had in this conversation: 0 at its first create, whether chained or replayed. */
  readonly iterationIndex: number;
  /** The whole conversation, oldest first, what `previous_response_id` brings along included. */
  readonly items: readonly Item[];
  /** The tool outputs of the whole conversation by call id. */
  readonly outputs: { readonly [callId: string]: ToolOutput };
  /** Text of the user's last message. */
  readonly userText: string;
}

/**
 * The scripted model. An array holds the iterations of one conversation: which one answers is read off the conversation
 * itself, so it serves any number of runs at once, chained and replayed ones, and an iteration that is created again
 * after a failure. A function decides from the request.
 *
 * @example (request) => request.iterationIndex === 0
 *   ? { calls: [{ name: 'get_weather', arguments: { city: request.userText } }] }
 *   : { text: `It is ${Object.values(request.outputs)[0]}.` }
 */
export type Script = readonly Iteration[] | ((request: ScriptRequest) => Iteration | Promise<Iteration>);
