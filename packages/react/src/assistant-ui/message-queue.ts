import type { AppendMessage, ExternalThreadQueueAdapter, QueueItemState } from '@assistant-ui/react';
import { ConfigurationError, type InputItem, inputParts, type Part, type RunInput } from '@longhaul/core';
import type { QueuedInput } from '../thread/queue/queued-input.ts';
import type { SendOptions } from '../thread/thread-actions.ts';
import { filePartOf } from './file-parts.ts';
import { mediaTypeOf } from './media-type.ts';

/** Whether a message that a person sends while the thread is active waits, or goes into the active turn. */
export type WhileActive = Exclude<SendOptions['whileActive'], undefined | 'refuse'>;

export interface QueueSource {
  readonly items: readonly QueueItemState[];
  readonly whileActive: WhileActive;
  send(message: AppendMessage, whileActive: WhileActive): void;
  /** Adds an input that was removed from the queue to the active turn. */
  steer(input: RunInput): void;
  unqueue(id: string): QueuedInput | undefined;
}

function isInputItem(item: object): item is InputItem {
  return !Array.isArray(item);
}

function queuePart(part: Part<never>): QueueItemState['parts'] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type === 'image')
    return [{ type: 'file', data: part.url, mimeType: mediaTypeOf(part.url, undefined) }];
  const file = part.type === 'file' ? filePartOf(part) : undefined;
  return file?.type === 'file' ? [file] : [];
}

/** An input that waits, for assistant-ui's list of them. */
export function queueItem({ id, input }: QueuedInput): QueueItemState {
  const parts = inputParts(typeof input === 'string' ? input : input.filter(isInputItem)).flatMap(queuePart);
  const texts = parts.flatMap((part) => (part.type === 'text' ? part.text : []));
  return { id, prompt: texts.join('\n'), parts };
}

/** The waiting inputs of a thread, as the queue of assistant-ui's composer. */
export function messageQueue({
  items,
  whileActive,
  send,
  steer,
  unqueue,
}: QueueSource): ExternalThreadQueueAdapter {
  return {
    items,
    steerItems: [],
    enqueue: (message) => send(message, 'queue'),
    // The composer calls this for every message that it sends during a run.
    steer: (message) => send(message, message.steer === true ? 'steer' : whileActive),
    move: (id, { lane }) => {
      if (lane !== 'steer')
        throw new ConfigurationError('useLonghaulRuntime: the order of the queue cannot be changed.');
      const entry = unqueue(id);
      if (entry !== undefined) steer(entry.input);
    },
    edit: (id, message) => {
      if (unqueue(id) !== undefined) send(message, 'queue');
    },
    remove: (id) => void unqueue(id),
  };
}
