import type { AgentRef, ErrorView, RunStatus, ToolCallOf, ToolCallView } from '@longhaul/core';
import type { UIDataTypes, UIMessage, UIMessageChunk, UIMessagePart, UITools } from 'ai';

/** The metadata of the messages of `loadMessages` and of the answers of `longhaulTransport`. */
export interface ChatMetadata {
  /** The run of the message's turn. If the turn was retried, its newest run. */
  readonly runId: string;
  /** The status of the run. Absent for a message of the user. */
  readonly status?: RunStatus;
  /** The error of a run that has failed or is incomplete. */
  readonly error?: ErrorView;
}

type ToolsOfCalls<Call extends ToolCallView> = {
  [One in Call as One['name']]: {
    input: Exclude<One['arguments'], undefined>;
    output: Exclude<One['output'], undefined>;
  };
};

/** The tools of an agent as the AI SDK types them: `input` and `output` by the name of the tool. */
export type ChatTools<A extends AgentRef> = ToolsOfCalls<ToolCallOf<A>>;

/** A message of `useChat`, with the tools of the agent: `useChat<ChatMessage<typeof agent>>(…)`. */
export type ChatMessage<A extends AgentRef = AgentRef> = UIMessage<ChatMetadata, UIDataTypes, ChatTools<A>>;

/** A part of a message whose tools are not known. */
export type ChatPart = UIMessagePart<UIDataTypes, UITools>;

export type ChatChunk = UIMessageChunk<ChatMetadata>;
