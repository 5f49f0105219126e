'use client';

import {
  type AssistantRuntime,
  type ExternalStoreAdapter,
  useExternalStoreRuntime,
} from '@assistant-ui/react';
import type { AgentRef, RunInput, ThreadFilter } from '@longhaul/core';
import { useMemo, useState } from 'react';
import { useAgentThread, type UseAgentThreadOptions } from '../thread/use-agent-thread.ts';
import { useLatest } from '../use-latest.ts';
import { longhaulAttachments } from './attachment-adapter.ts';
import { LonghaulExtras } from './longhaul-extras.ts';
import { messageInput } from './message-input.ts';
import { messageQueue, queueItem, type WhileActive } from './message-queue.ts';
import { notSent, returnToComposer } from './not-sent.ts';
import { stoppedBy, threadCallbacks } from './thread-callbacks.ts';
import { threadRepository, withError } from './thread-repository.ts';
import { useShownThread } from './use-shown-thread.ts';
import { useThreadList } from './use-thread-list.ts';
import { useVersionInputs } from './use-version-inputs.ts';

export interface UseLonghaulRuntimeOptions<A extends AgentRef = AgentRef>
  extends Omit<UseAgentThreadOptions<A>, 'onThreadId'> {
  /**
   * Called when another thread is shown: a new thread after its first message, or a thread that a person has selected in
   * the list. Undefined is a new chat. Store the id in the source of `threadId`.
   */
  onThreadId?(threadId: string | undefined): void;
  /** Which threads the list shows. @example { limit: 30 } */
  readonly threads?: ThreadFilter | undefined;
  /**
   * Whether a message that a person sends while the agent answers waits for the next turn, or goes into the active turn
   * with its next request to the model. A message that is sent with `{ steer: true }` always goes into the active turn.
   *
   * @default 'queue'
   */
  readonly whileActive?: 'queue' | 'steer' | undefined;
  /** Adapters of assistant-ui. `attachments` is `longhaulAttachments()` by default. */
  readonly adapters?: Omit<NonNullable<ExternalStoreAdapter['adapters']>, 'threadList'> | undefined;
}

/**
 * Makes a runtime for assistant-ui's components of a thread: its turns are the messages, the versions of a turn are the
 * branches. The runs are driven by the runner, so they continue when the component unmounts and after a reload.
 * `LonghaulProvider` and TanStack Query's provider must be around the component.
 *
 * @example
 * const runtime = useLonghaulRuntime({ agent: support, threadId, onThreadId: setThreadId });
 * return (
 *   <AssistantRuntimeProvider runtime={runtime}>
 *     <Thread />
 *   </AssistantRuntimeProvider>
 * );
 */
export function useLonghaulRuntime<const A extends AgentRef>(
  options: UseLonghaulRuntimeOptions<A>,
): AssistantRuntime {
  const { threads, whileActive = 'queue', adapters, threadId, onThreadId, ...given } = options;
  const chat = useShownThread(threadId);
  const thread = useAgentThread<A>({
    ...given,
    threadId: chat.threadId,
    onThreadId: (id) => {
      chat.begin(id);
      onThreadId?.(id);
    },
  });
  const threadList = useThreadList(threads, chat, (id) => {
    chat.show(id);
    onThreadId?.(id);
  });
  const { turns } = thread;
  const inputs = useVersionInputs(turns);
  const stopped = stoppedBy(thread, turns.at(-1));
  const shown = useMemo(() => withError(threadRepository(turns, inputs), stopped), [turns, inputs, stopped]);
  const [attachments] = useState(() => longhaulAttachments());

  const latest = useLatest({ thread, turns, ...shown });
  const items = useMemo(() => thread.queue.map(queueItem), [thread.queue]);
  const send = (input: RunInput, behaviour: WhileActive): Promise<void> =>
    latest.current.thread.send(input, { whileActive: behaviour });
  const callbacks = threadCallbacks(
    () => latest.current,
    (input) => send(input, whileActive).catch(notSent),
  );
  const queue = messageQueue({
    items,
    whileActive,
    send: (message, behaviour) => {
      const sending = async (): Promise<void> => await send(messageInput(message), behaviour);
      sending().catch((error: unknown) => returnToComposer(runtime, message, error));
    },
    steer: (input) => {
      // The input is no longer in the queue. If it cannot be steered, it waits again.
      const steering = send(input, 'steer').catch(() => send(input, 'queue'));
      steering.catch(console.error);
    },
    unqueue: (id) => latest.current.thread.unqueue(id),
  });
  const { isActive, status } = thread;
  const runtime: AssistantRuntime = useExternalStoreRuntime({
    ...callbacks,
    messageRepository: shown.repository,
    isLoading: thread.isLoading,
    hasEarlier: thread.hasEarlier,
    isRunning: isActive && status !== 'requires_action' && stopped === undefined,
    // Without a queue, the composer shows a message again that could not be sent.
    queue: isActive || items.length > 0 ? queue : undefined,
    extras: new LonghaulExtras(thread),
    adapters: { attachments, ...adapters, threadList },
  });
  return runtime;
}
