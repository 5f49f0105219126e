import { useChat, type UseChatHelpers } from '@ai-sdk/react';
import { type Agent, defineAgent, type Runner, type Tool, tool } from '@longhaul/core';
import type { Script } from '@longhaul/core/testing';
import { act, renderHook } from '@testing-library/react';
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
} from 'ai';
import { expect } from 'vitest';
import * as z from 'zod';
import type { ChatMessage } from '../src/ai-sdk/chat-message.ts';
import { loadMessages } from '../src/ai-sdk/load-messages.ts';
import { longhaulTransport, type LonghaulTransportOptions } from '../src/ai-sdk/longhaul-transport.ts';
import type { Place } from './places.ts';
import type { Site, SiteOptions } from './site.ts';

type Look = Tool<'look', { at: string }, string>;
type Ask = Tool<'ask', object, string>;
type Locate = Tool<'locate', object>;

const look: Look = tool({
  name: 'look',
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => `saw ${at}`,
});
const ask: Ask = tool({ name: 'ask', parameters: z.object({}), needsApproval: true, execute: () => 'yes' });
const locate: Locate = tool({ name: 'locate', parameters: z.object({}) });

/** An agent with a tool of each kind: one that runs, one that needs approval, and one that the page answers. */
export const guide: Agent<readonly [Look, Ask, Locate]> = defineAgent({
  name: 'guide',
  model: 'gpt-6-astra',
  tools: [look, ask, locate],
});

export type GuideMessage = ChatMessage<typeof guide>;

/** Answers with all texts of the user that it has read, so that a lost or repeated one shows. */
const script: Script = ({ items, userText, outputs }) => {
  const isAnswered = items.at(-1)?.type?.endsWith('_output') === true;
  const [what = ''] = userText.split(/\W/);
  const name = what.toLowerCase();
  if (!isAnswered && ['look', 'ask', 'locate'].includes(name)) {
    const args = name === 'look' ? { at: userText } : {};
    return { messages: [{ text: 'I will see.', phase: 'commentary' }], calls: [{ name, arguments: args }] };
  }
  if (what === 'Fail') return { fail: { code: 'invalid_prompt', message: 'No such prompt.' } };
  if (what === 'Wait') return { text: 'One two three four five six seven.', runMs: 60_000 };
  const said = items.flatMap(({ role, content }) => {
    if (role !== 'user') return [];
    return [typeof content === 'string' ? content : JSON.stringify(content)];
  });
  return { text: [...said, ...(isAnswered ? Object.values(outputs).slice(-1) : [])].join(' ') };
};

/** The site of a chat. */
export const chatSite: SiteOptions = {
  ...{ agents: [guide], script, mode: 'stream', queuedMs: 500, runMs: 2_000 },
};

/** A message as text: its texts, and the states of its calls. */
function textOf({ parts }: GuideMessage): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'step-start') return '';
      return 'state' in part ? `[${part.type} ${part.state}]` : `[${part.type}]`;
    })
    .join('|');
}

export interface ChatPageOptions extends Partial<Pick<LonghaulTransportOptions, 'onAbort'>> {
  /** @default a new site */
  readonly site?: Site;
  /** @default a new page of the site */
  readonly runner?: Runner;
  readonly resume?: boolean;
  readonly messages?: GuideMessage[];
}

/** A page with a component that uses `useChat`, in StrictMode. Its chat has the id `thread`. */
export interface ChatPage {
  readonly site: Site;
  readonly runner: Runner;
  /** The finish reasons of the answers so far. */
  readonly finished: readonly (string | undefined)[];
  chat(): UseChatHelpers<GuideMessage>;
  /** The messages as texts. */
  shown(): string[];
  /** Lets time pass until the action has settled. */
  during(action: () => Promise<unknown>): Promise<unknown>;
  /** Sends a text, and waits until its request has ended. */
  say(text: string): Promise<unknown>;
  /** Sends a text whose answer takes a minute, and waits until its first word is shown. */
  wait(): Promise<void>;
  /** Answers the call of `ask` that waits, and waits until the chat is ready. */
  decide(approved: boolean, reason?: string): Promise<void>;
  load(): Promise<GuideMessage[]>;
  /** Expects that the shown messages are those that a page loads after a reload. */
  expectLikeLoaded(): Promise<void>;
  unmount(): void;
}

export async function openChat(place: Place, options: ChatPageOptions): Promise<ChatPage> {
  const { onAbort = 'detach', messages = [], resume = false } = options;
  const site = options.site ?? (await place.open(chatSite));
  const runner = options.runner ?? site.openPage();
  const transport = longhaulTransport({ runner, agent: place.refer(guide), onAbort });
  const finished: (string | undefined)[] = [];
  const { result, unmount } = renderHook(
    () =>
      useChat<GuideMessage>({
        ...{ id: 'thread', transport, messages, resume },
        sendAutomaticallyWhen: (chat) =>
          lastAssistantMessageIsCompleteWithApprovalResponses(chat) ||
          lastAssistantMessageIsCompleteWithToolCalls(chat),
        onFinish: ({ finishReason }) => finished.push(finishReason),
      }),
    { reactStrictMode: true },
  );
  const chat = (): UseChatHelpers<GuideMessage> => result.current;
  const shown = (): string[] => chat().messages.map(textOf);
  const during = (action: () => Promise<unknown>): Promise<unknown> => act(() => site.during(action));
  const say = (text: string): Promise<unknown> => during(() => chat().sendMessage({ text }));
  async function load(): Promise<GuideMessage[]> {
    let loaded: GuideMessage[] = [];
    await during(async () => (loaded = await loadMessages<typeof guide>(runner, 'thread')));
    return loaded;
  }
  async function wait(): Promise<void> {
    const sent = chat().sendMessage({ text: 'Wait.' });
    sent.catch(() => undefined);
    await site.until(() => expect(shown().at(-1)).toContain('One'));
  }
  async function decide(approved: boolean, reason?: string): Promise<void> {
    const call = chat()
      .messages.flatMap(({ parts }) => parts)
      .find((part) => part.type === 'tool-ask' && part.state === 'approval-requested');
    const id = call?.type === 'tool-ask' ? (call.approval?.id ?? '') : '';
    const why = reason === undefined ? {} : { reason };
    const before = finished.length;
    await during(async () => chat().addToolApprovalResponse({ id, approved, ...why }));
    await site.until(() => expect(finished.length).toBeGreaterThan(before));
  }
  async function expectLikeLoaded(): Promise<void> {
    const loaded = await load();
    expect(loaded.map(textOf)).toEqual(shown());
    expect(loaded.at(-1)?.id).toBe(chat().messages.at(-1)?.id);
    expect(loaded.at(-1)?.metadata).toEqual(chat().messages.at(-1)?.metadata);
  }
  return {
    ...{ site, runner, finished, chat, shown, during, say, wait, decide, load, expectLikeLoaded, unmount },
  };
}
