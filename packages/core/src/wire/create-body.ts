import type { InputItem } from './items.ts';
import type { JsonObject } from './json.ts';

/** The body of `POST /responses`, as far as the loop writes it; further parameters pass through. */
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

/** A tool as the API takes it: a function, a custom tool, or one that OpenAI hosts. */
export interface WireTool extends JsonObject {
  readonly type: string;
  readonly name?: string;
}
