import {
  type AgentRef,
  inputParts,
  type Part,
  type RunView,
  type ToolCallView,
  type ToolPart,
  viewParts,
} from '@longhaul/core';
import type { ChatMessage, ChatMetadata, ChatPart } from './chat-message.ts';
import { fileParts, inputMessageParts, textParts } from './text-parts.ts';
import { callPart, hostedPart, type NamedCall } from './tool-part.ts';

/** The parts that were made of a part of a run. A part that did not change is not compared again. */
const made = new WeakMap<Part, readonly ChatPart[]>();

/** @param key Identifies the part within the message. */
function partsOf(part: Exclude<Part, ToolPart>, key: string): readonly ChatPart[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return textParts(part);
    case 'reasoning':
      return [{ type: 'reasoning', id: key, text: part.text, state: part.done ? 'done' : 'streaming' }];
    case 'hosted_tool':
      return [hostedPart(part, key)];
    case 'image':
    case 'file':
      return fileParts(part);
    case 'input':
      return [{ type: 'steering-message', id: part.steerId ?? key, parts: inputMessageParts(part.parts) }];
    case 'error':
    case 'other':
      return [];
  }
}

/** The calls of a turn, with their names in its message. */
export function namedCalls(views: readonly RunView[]): readonly NamedCall[] {
  const taken = new Set<string>();
  return views.flatMap((view) =>
    view.toolCalls.map((call) => {
      const { callId, iteration } = call;
      const toolCallId = taken.has(callId) ? `${view.runId}/${iteration}/${callId}` : callId;
      taken.add(toolCallId);
      return { runId: view.runId, call, toolCallId };
    }),
  );
}

function keptParts(
  part: Part,
  runId: string,
  names: ReadonlyMap<ToolCallView, NamedCall>,
): readonly ChatPart[] {
  const named = part.type === 'tool' ? names.get(part.call) : undefined;
  // The name of a repeated call depends on the other runs of the turn.
  const isKept = named === undefined || named.toolCallId === named.call.callId;
  const known = isKept ? made.get(part) : undefined;
  if (known !== undefined) return known;
  const parts =
    part.type === 'tool' ? (named ? [callPart(named)] : []) : partsOf(part, `${runId}/${part.key}`);
  if (isKept) made.set(part, parts);
  return parts;
}

/** The parts of a run: a `step-start` for each iteration, and the parts of the iteration. */
function stepsOf(view: RunView, names: ReadonlyMap<ToolCallView, NamedCall>): readonly ChatPart[] {
  const parts = viewParts(view);
  const last = Math.max(-1, ...view.iterations.map(({ index }) => index));
  const shown: ChatPart[] = [];
  let step = -1;
  for (const part of parts) {
    if (part.type === 'error') continue;
    for (; step < part.iteration; step += 1) shown.push({ type: 'step-start' });
    shown.push(...keptParts(part, view.runId, names));
  }
  for (; step < last; step += 1) shown.push({ type: 'step-start' });
  return shown;
}

/** The answer of a turn as the parts of a message. */
export function answerParts(views: readonly RunView[]): readonly ChatPart[] {
  const names = new Map(namedCalls(views).map((named) => [named.call, named]));
  return views.flatMap((view) => stepsOf(view, names));
}

/** The metadata of the answer of a turn whose newest run is this one. */
export function answerMetadata({ runId, status, error }: RunView): ChatMetadata {
  return { runId, status, ...(error === undefined ? {} : { error }) };
}

/**
 * The messages of a turn: the user's, unless its input has nothing to show, and the answer.
 *
 * @param views The runs of the turn, oldest first. There are several if the turn was retried.
 */
export function turnMessages<A extends AgentRef>(views: readonly RunView[]): ChatMessage<A>[];
export function turnMessages(views: readonly RunView[]): ChatMessage[] {
  const [first] = views;
  const last = views.at(-1);
  if (first === undefined || last === undefined) return [];
  const { runId } = first;
  const parts = inputMessageParts(inputParts(first.input));
  const answer: ChatMessage = {
    id: runId,
    role: 'assistant',
    metadata: answerMetadata(last),
    parts: [...answerParts(views)],
  };
  if (parts.length === 0) return [answer];
  return [{ id: `${runId}/input`, role: 'user', metadata: { runId }, parts }, answer];
}
