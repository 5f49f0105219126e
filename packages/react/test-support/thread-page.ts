import { type AgentRef, defineAgent, type Part, type Runner, tool } from '@longhaul/core';
import type { Script } from '@longhaul/core/testing';
import { act } from '@testing-library/react';
import { expect } from 'vitest';
import * as z from 'zod';
import type { AgentThreadResult } from '../src/thread/use-agent-thread.ts';
import type { Place } from './places.ts';
import { renderThread } from './render-thread.tsx';
import type { Site } from './site.ts';

/** The places that the agent has looked at. Tests empty it. */
export const looked: string[] = [];
const look = tool({
  name: 'look',
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => {
    looked.push(at);
    return `saw ${at}`;
  },
});
const ask = tool({ name: 'ask', parameters: z.object({}), needsApproval: true, execute: () => 'yes' });
/** Its tool `look` adds the places to `looked`. Its tool `ask` needs an approval. */
const guide = defineAgent({ name: 'guide', model: 'gpt-6-astra', tools: [look, ask] });

/** Answers with all texts of the user that it has read, so that a lost or repeated one shows. */
const script: Script = ({ items, userText }) => {
  const isAnswered =
    items.at(-1)?.type?.endsWith('_output') === true || items.at(-2)?.type?.endsWith('_output');
  if (userText.startsWith('Look') && !isAnswered)
    return { calls: [{ name: 'look', arguments: { at: userText }, callId: `call_${items.length}` }] };
  if (userText.startsWith('Ask') && !isAnswered)
    return { calls: [{ name: 'ask', arguments: {}, callId: `call_${items.length}` }] };
  if (userText.startsWith('Fail')) return { fail: { code: 'invalid_prompt', message: 'No.' } };
  const said = items.flatMap(({ role, content }) => (role === 'user' ? [String(content)] : []));
  return { text: `${said.join(' ')}${isAnswered ? ' (looked)' : ''}` };
};

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('');
}

/** The shown turns as `question → answer`, with the position of a turn that has several versions. */
export function shown({ turns }: AgentThreadResult): string[] {
  return turns.map(({ input, parts, siblings, index }) => {
    const place = siblings.length > 1 ? ` (${index + 1}/${siblings.length})` : '';
    return `${textOf(input)} → ${textOf(parts)}${place}`;
  });
}

/** The agent of the pages, as components of the place pass it to hooks. */
export function guideIn(place: Place): AgentRef {
  return place.refer(guide);
}

export interface PageOptions {
  /** @default a new site */
  readonly site?: Site;
  readonly threadId?: string | undefined;
}

type Rendered = ReturnType<typeof renderThread<AgentRef>>;

/** A page that shows a conversation with `guide`. */
export interface ThreadPage extends Pick<Rendered, 'unmount'> {
  readonly site: Site;
  readonly runner: Runner;
  /** The threads that `onThreadId` was called with. */
  readonly opened: readonly string[];
  thread(): Rendered['result']['current'];
  /** Shows another thread. Undefined: a new chat. */
  open(threadId: string | undefined): void;
  /** Sends an input, and waits until the last turn has ended. */
  say(input: string): Promise<void>;
  /** Lets time pass until the action has settled. */
  during(action: () => Promise<unknown>): Promise<unknown>;
}

/** Returns a function that opens pages with the loop in this place. */
export function threadPages(place: Place): (options?: PageOptions) => Promise<ThreadPage> {
  const agent = guideIn(place);
  return async (options = {}) => {
    const timing = { mode: 'stream', queuedMs: 500, runMs: 2_000 } as const;
    const site = options.site ?? (await place.open({ agents: [guide], script, ...timing }));
    const runner = site.openPage();
    const opened: string[] = [];
    const onThreadId = (threadId: string): void => void opened.push(threadId);
    const view = renderThread(runner, { agent, threadId: options.threadId, onThreadId });
    const { result } = view;
    const during: ThreadPage['during'] = (action) => act(() => site.during(action));
    return {
      ...{ site, runner, opened, during, unmount: view.unmount },
      thread: () => result.current,
      open: (threadId) => view.rerender({ agent, threadId, onThreadId }),
      say: async (input) => {
        const before = result.current.turns.length;
        await during(() => result.current.send(input));
        await site.until(() => expect(result.current.turns.length).toBeGreaterThan(before));
        await site.until(() => expect(result.current.isActive).toBe(false));
      },
    };
  };
}
