import type { ErrorView, ToolCallView } from '../engine/view/run-view.ts';
import type { OutputItem } from '../wire/items.ts';
import type { Annotation } from './annotation.ts';
import type { HostedToolName } from './hosted-tool-name.ts';

/** The fields of every part. */
export interface PartBase {
  /** Identifies the part within its run. It stays the same while the part grows. */
  readonly key: string;
  /** The iteration, from 0, to which the part belongs. 0 for the parts of a run's input. */
  readonly iteration: number;
  /** Whether the part is complete. Every part is done when its run has ended. */
  readonly done: boolean;
}

/** A part of a message. */
export interface MessagePart extends PartBase {
  /** The role of an input message: `assistant`, `developer`, … Absent for the user's messages, and for output. */
  readonly role?: string;
  /** The agent of a multi-agent response that wrote the message. Absent for the root agent. */
  readonly agent?: string;
}

/** A text of the model or of the user. It grows while it streams. It is never empty. */
export interface TextPart extends MessagePart {
  readonly type: 'text';
  readonly text: string;
  /** Whether the text is part of the answer. Absent if the model does not label its messages. */
  readonly phase?: 'commentary' | 'final_answer';
  /** The citations in the text. Complete when the part is done. */
  readonly annotations: readonly Annotation[];
}

/** The model's reasoning: its summary, or its text if there is no summary. It is never empty. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  readonly text: string;
}

export interface RefusalPart extends MessagePart {
  readonly type: 'refusal';
  readonly text: string;
}

/** A call that the run answers, or a call of a hosted MCP server that a person must approve. Done when it is settled. */
export interface ToolPart<Call extends ToolCallView = ToolCallView> extends PartBase {
  readonly type: 'tool';
  readonly call: Call;
}

/** A tool that the API executes. The images and files that it makes are the parts after it. */
export interface HostedToolPart extends PartBase {
  readonly type: 'hosted_tool';
  readonly name: HostedToolName;
  /** The status that the API sent: `in_progress`, `searching`, `completed`, `failed`, … */
  readonly status: string;
  /** The call, as the API sends it. It grows while it streams. */
  readonly item: OutputItem;
  /** The item with the output of the call, if the API sends one, as it does for a hosted shell. */
  readonly output?: OutputItem;
}

export interface ImagePart extends MessagePart {
  readonly type: 'image';
  /** The address of the image. It starts with `https:`, `http:` or `data:`. */
  readonly url: string;
  /** Whether the image is a preview of an image that is being generated. */
  readonly partial: boolean;
  /** The prompt of a generated image as the model revised it, for the alternative text. */
  readonly prompt?: string;
}

/**
 * A file of an input, or a file that the code interpreter made. A page of a server's runs does not receive the ids of
 * files and containers.
 */
export interface FilePart extends MessagePart {
  readonly type: 'file';
  readonly fileId?: string;
  /** The container that holds the file, if the code interpreter made it. */
  readonly containerId?: string;
  readonly filename?: string;
  /** The address of the file. It starts with `https:`, `http:` or `data:`. */
  readonly url?: string;
}

/** Input that was added with `run.steer`, at the place where it took effect. */
export interface InputPart extends PartBase {
  readonly type: 'input';
  readonly parts: readonly Part<never>[];
  readonly steerId?: string;
}

/** The error of a run that has failed or is incomplete. It is the last part. */
export interface ErrorPart extends PartBase {
  readonly type: 'error';
  readonly error: ErrorView;
}

/** An item, or a content part of a message, of any other type. */
export interface OtherPart extends PartBase {
  readonly type: 'other';
  readonly item: OutputItem;
}

/**
 * A part of a run, for display. `Call` is the type of the calls of the run's view, so that `part.call.name` narrows
 * `part.call.arguments`.
 */
export type Part<Call extends ToolCallView = ToolCallView> =
  | TextPart
  | ReasoningPart
  | RefusalPart
  | ToolPart<Call>
  | HostedToolPart
  | ImagePart
  | FilePart
  | InputPart
  | ErrorPart
  | OtherPart;
