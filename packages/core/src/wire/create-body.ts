import type { InputItem } from './items.ts';
import type { JsonObject } from './json.ts';

/** The fields of a `POST /responses` body that the loop reads or writes. Other parameters are sent unchanged. */
export interface CreateBody extends JsonObject {
  readonly model: string;
  readonly input: readonly InputItem[];
  readonly background: boolean;
  readonly stream?: true;
  readonly store?: boolean;
  readonly instructions?: string;
  readonly previous_response_id?: string;
  readonly tools?: readonly WireTool[];
  readonly tool_choice?: JsonObject | string;
  readonly include?: readonly string[];
  readonly metadata?: { readonly [key: string]: string };
  readonly text?: JsonObject;
}

/** A tool as the API accepts it: a function, a custom tool, or a hosted tool of OpenAI. */
export interface WireTool extends JsonObject {
  readonly type: string;
  readonly name?: string;
}
