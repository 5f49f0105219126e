import type { JsonObject } from './json.ts';

/**
 * Items are what a conversation is made of, both as input and as output of a response.
 * Only the fields that Longhaul reads are named; whatever else a server sends is carried along (I10).
 */
export interface Item extends JsonObject {
  readonly type?: string;
  readonly id?: string;
  readonly status?: string;
}

/** An item that a create may carry as input. The easy form `{ role, content }` has no `type`. */
export type InputItem = Item;

/** An item that a response produced. */
export interface OutputItem extends Item {
  readonly type: string;
}

/** An item of an output array: an image, a file or a text that a tool gives back. */
export interface ContentPart extends JsonObject {
  readonly type: 'input_text' | 'input_image' | 'input_file';
}

/** What answers a call: text, or parts (text, images, files). */
export type ToolOutput = string | readonly ContentPart[];

/** What answers a call. */
export type CallOutputItem =
  | {
      readonly type: 'function_call_output' | 'custom_tool_call_output';
      readonly call_id: string;
      readonly output: ToolOutput;
      /** As the call has it: the API ties an output to the program that called by it. */
      readonly caller?: JsonObject;
    }
  | {
      readonly type: 'mcp_approval_response';
      readonly approval_request_id: string;
      readonly approve: boolean;
      readonly reason?: string;
    };
