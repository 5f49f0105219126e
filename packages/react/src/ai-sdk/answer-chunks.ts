import type { ReasoningUIPart, TextUIPart } from 'ai';
import { callStart, callUpdate } from './call-chunks.ts';
import type { ChatChunk, ChatPart } from './chat-message.ts';
import { isSame } from './is-same.ts';
import type { CallPart } from './tool-part.ts';

/** The answer that a message shows. */
export interface ShownAnswer {
  readonly parts: readonly ChatPart[];
  /** The positions of texts and of inputs that can grow, because this stream has started them. */
  readonly open: ReadonlySet<number>;
}

export interface AnswerUpdate {
  readonly chunks: readonly ChatChunk[];
  readonly shown: ShownAnswer;
}

/** The update of one part of the message. */
interface PartUpdate {
  readonly chunks: readonly ChatChunk[];
  readonly part: ChatPart;
  readonly isOpen: boolean;
}

export function isCall(part: ChatPart): part is CallPart {
  return part.type === 'dynamic-tool' || part.type.startsWith('tool-');
}

type GrowingPart = TextUIPart | ReasoningUIPart;

function textId(part: GrowingPart, at: number): string {
  return part.type === 'reasoning' ? (part.id ?? `${at}`) : `${at}`;
}

/**
 * The chunks that extend an open text, and end it if it is done.
 *
 * @param metadata Whether the metadata of the text is new
 */
function growth(before: string, part: GrowingPart, at: number, metadata: boolean): readonly ChatChunk[] {
  const id = textId(part, at);
  const delta = part.text.slice(before.length);
  const about = metadata && part.providerMetadata ? { providerMetadata: part.providerMetadata } : {};
  const isDone = part.state !== 'streaming';
  if (part.type === 'reasoning') {
    const grown: readonly ChatChunk[] = delta === '' ? [] : [{ type: 'reasoning-delta', id, delta }];
    return isDone ? [...grown, { type: 'reasoning-end', id }] : grown;
  }
  const isNew = delta !== '' || (metadata && !isDone);
  const grown: readonly ChatChunk[] = isNew ? [{ type: 'text-delta', id, delta, ...about }] : [];
  const citations = part.citations === undefined ? {} : { citations: part.citations };
  return isDone ? [...grown, { type: 'text-end', id, ...about, ...citations }] : grown;
}

function textUpdate(shown: ChatPart, next: GrowingPart, at: number, isOpen: boolean): PartUpdate | undefined {
  if (shown.type !== next.type) return undefined;
  if (!isOpen) return isSame(shown, next) ? { chunks: [], part: shown, isOpen } : undefined;
  // A chunk cannot remove metadata.
  if (shown.providerMetadata !== undefined && next.providerMetadata === undefined) return undefined;
  if (textId(shown, at) !== textId(next, at) || !next.text.startsWith(shown.text)) return undefined;
  const isNew = !isSame(shown.providerMetadata, next.providerMetadata);
  return { chunks: growth(shown.text, next, at, isNew), part: next, isOpen: next.state === 'streaming' };
}

/** The update of a part of the message. Undefined if chunks cannot change the part so. */
function partUpdate(shown: ChatPart, next: ChatPart, at: number, isOpen: boolean): PartUpdate | undefined {
  if (shown === next) return { chunks: [], part: shown, isOpen };
  if (next.type === 'text' || next.type === 'reasoning') return textUpdate(shown, next, at, isOpen);
  if (isCall(next)) {
    const update = isCall(shown) ? callUpdate(shown, next, isOpen) : undefined;
    return update && { ...update, isOpen: isOpen && update.part.state === 'input-streaming' };
  }
  return isSame(shown, next) ? { chunks: [], part: shown, isOpen } : undefined;
}

/** The chunks of a new part at the end of the message. */
function newPart(part: ChatPart, at: number): PartUpdate {
  if (isCall(part)) return { chunks: callStart(part), part, isOpen: part.state === 'input-streaming' };
  switch (part.type) {
    case 'text':
    case 'reasoning': {
      const about = part.providerMetadata ? { providerMetadata: part.providerMetadata } : {};
      const start: ChatChunk = { type: `${part.type}-start`, id: textId(part, at), ...about };
      return { chunks: [start, ...growth('', part, at, false)], part, isOpen: part.state === 'streaming' };
    }
    case 'step-start':
      return { chunks: [...(at === 0 ? [] : [finishStep]), { type: 'start-step' }], part, isOpen: false };
    case 'file': {
      const { type, url, mediaType } = part;
      return { chunks: [{ type, url, mediaType }], part, isOpen: false };
    }
    case 'source-url':
    case 'source-document':
    case 'steering-message':
      return { chunks: [part], part, isOpen: false };
    // Answers of runs have no other parts.
    default:
      return { chunks: [], part, isOpen: false };
  }
}

const finishStep = { type: 'finish-step' } as const;

function stepStarts(parts: readonly ChatPart[]): readonly number[] {
  return parts.flatMap(({ type }, at) => (type === 'step-start' ? [at] : []));
}

/**
 * The chunks that change the answer of a message to the next answer of the run. Chunks can only extend a message, except
 * in its last step: `reset-step` removes the parts of that step. So if a stream of the API starts again, or a text is
 * replaced, the step is sent again. Earlier steps of a run do not change, except the states of their calls.
 */
export function answerChunks(shown: ShownAnswer, next: readonly ChatPart[]): AnswerUpdate {
  const parts = [...shown.parts];
  const open = new Set(shown.open);
  const chunks: ChatChunk[] = [];
  const put = (at: number, update: PartUpdate): void => {
    chunks.push(...update.chunks);
    parts[at] = update.part;
    if (update.isOpen) open.add(at);
    else open.delete(at);
  };

  const [ownSteps, nextSteps] = [stepStarts(parts), stepStarts(next)];
  // A message that has more steps than the run keeps them. Only a run that starts again has fewer steps.
  if (ownSteps.length > nextSteps.length) return { chunks, shown };
  const lastStep = (ownSteps.at(-1) ?? -1) + 1;
  const nextStep = ownSteps.length === 0 ? 0 : (nextSteps[ownSteps.length - 1] ?? -1) + 1;

  const calls = new Map(
    next.slice(0, nextStep).flatMap((part) => (isCall(part) ? [[part.toolCallId, part]] : [])),
  );
  for (const [at, part] of parts.slice(0, lastStep).entries()) {
    const call = isCall(part) ? calls.get(part.toolCallId) : undefined;
    const update = call && partUpdate(part, call, at, open.has(at));
    if (update) put(at, update);
  }

  const updates = parts.slice(lastStep).map((part, index) => {
    const [at, wanted] = [lastStep + index, next[nextStep + index]];
    return wanted && partUpdate(part, wanted, at, open.has(at));
  });
  const stepEnd = nextSteps[ownSteps.length] ?? next.length;
  if (updates.includes(undefined) || updates.length > stepEnd - nextStep) {
    chunks.push({ type: 'reset-step' });
    parts.length = lastStep;
    open.clear();
  } else {
    for (const [index, update] of updates.entries()) if (update) put(lastStep + index, update);
  }
  for (const part of next.slice(nextStep + parts.length - lastStep))
    put(parts.length, newPart(part, parts.length));
  return { chunks, shown: { parts, open } };
}
