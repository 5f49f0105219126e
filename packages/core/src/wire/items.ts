import type { JsonObject } from './json.ts';

/**
 * The items of a conversation, as input and as output of a response. Only the fields that Longhaul reads are named. All
 * other fields of a server are kept (I10).
 */
export interface Item extends JsonObject {
  readonly type?: string;
  readonly id?: string;
  readonly status?: string;
}

/** An item of a create's input. The easy form `{ role, content }` has no `type`. */
export type InputItem = Item;

/** An item that a response produced. */
export interface OutputItem extends Item {
  readonly type: string;
}

/** A part of a tool's output: an image, a file or a text. */
export interface ContentPart extends JsonObject {
  readonly type: 'input_text' | 'input_image' | 'input_file';
}

/** The output of a call: text, or parts (text, images, files). */
export type ToolOutput = string | readonly ContentPart[];

/** The item that contains the output of a call. */
export type CallOutputItem =
  | {
      readonly type: 'function_call_output' | 'custom_tool_call_output';
      readonly call_id: string;
      readonly output: ToolOutput;
      /** Copied from the call. The API uses it to assign the output to the calling program. */
      readonly caller?: JsonObject;
    }
  | {
      readonly type: 'mcp_approval_response';
      readonly approval_request_id: string;
      readonly approve: boolean;
      readonly reason?: string;
    };

/** The longest output that the API accepts, in characters (OpenAPI, FunctionCallOutputItemParam). */
export const longestOutput = 10_485_760;
