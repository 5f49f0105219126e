import { useChat } from '@ai-sdk/react';
import { type AgentRef, defineAgent, type Runner, tool } from '@longhaul/core';
import type { Script } from '@longhaul/core/testing';
import { act, cleanup, renderHook } from '@testing-library/react';
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
} from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { places } from '../../test-support/places.ts';
import type { Site } from '../../test-support/site.ts';
import type { ChatMessage } from './chat-message.ts';
import { loadMessages } from './load-messages.ts';
import { longhaulTransport, type LonghaulTransportOptions } from './longhaul-transport.ts';

afterEach(() => cleanup());

const looked: string[] = [];
const look = tool({
  name: 'look',
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => {
    looked.push(at);
    return `saw ${at}`;
  },
});
const ask = tool({ name: 'ask', parameters: z.object({}), needsApproval: true, execute: () => 'yes' });
const locate = tool({ name: 'locate', parameters: z.object({}) });
const guide = defineAgent({ name: 'guide', model: 'gpt-6-astra', tools: [look, ask, locate] });

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

function textOf({ parts }: ChatMessage): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'step-start') return '';
      return 'state' in part ? `[${part.type} ${part.state}]` : `[${part.type}]`;
    })
    .join('|');
}

describe.each(places)('useChat, with the loop $name', (place) => {
  const agent = place.refer(guide);
  const open = (): Promise<Site> =>
    place.open({ agents: [guide], script, mode: 'stream', queuedMs: 500, runMs: 2_000 });

  interface PageOptions extends Partial<Pick<LonghaulTransportOptions, 'onAbort'>> {
    readonly site?: Site;
    readonly runner?: Runner;
    readonly resume?: boolean;
    readonly messages?: ChatMessage<typeof guide>[];
  }

  async function page(options: PageOptions = {}) {
    const site = options.site ?? (await open());
    const runner = options.runner ?? site.openPage();
    const { onAbort = 'detach', messages = [], resume = false } = options;
    const transport = longhaulTransport({ runner, agent, onAbort });
    const finished: (string | undefined)[] = [];
    const view = renderHook(
      () =>
        useChat({
          ...{ id: 'thread', transport, messages, resume },
          sendAutomaticallyWhen: (chat) =>
            lastAssistantMessageIsCompleteWithApprovalResponses(chat) ||
            lastAssistantMessageIsCompleteWithToolCalls(chat),
          onFinish: ({ finishReason }) => finished.push(finishReason),
        }),
      { reactStrictMode: true },
    );
    const { result } = view;
    const during = (action: () => Promise<unknown>): Promise<unknown> => act(() => site.during(action));
    const say = (text: string): Promise<unknown> => during(() => result.current.sendMessage({ text }));
    /** The messages as texts. */
    const shown = (): string[] => result.current.messages.map(textOf);
    const load = async (): Promise<ChatMessage<typeof guide>[]> => {
      let loaded: ChatMessage<typeof guide>[] = [];
      await during(async () => (loaded = await loadMessages<typeof guide>(runner, 'thread')));
      return loaded;
    };
    /** The last message has the parts that a page loads after a reload. */
    async function expectLikeLoaded(): Promise<void> {
      const loaded = await load();
      expect(loaded.map(textOf)).toEqual(shown());
      expect(loaded.at(-1)?.id).toBe(result.current.messages.at(-1)?.id);
      expect(loaded.at(-1)?.metadata).toEqual(result.current.messages.at(-1)?.metadata);
    }
    return {
      ...view,
      site,
      runner,
      during,
      say,
      shown,
      load,
      finished,
      expectLikeLoaded,
      chat: () => result.current,
    };
  }

  test('continues the conversation, also after a reload', async () => {
    const first = await page();
    await first.say('Hello.');
    await first.say('Look around.');
    expect(first.shown()).toEqual([
      'Hello.',
      '|Hello.',
      'Look around.',
      '|I will see.|[tool-look output-available]||Hello. Look around. saw Look around.',
    ]);
    expect(first.finished).toEqual(['stop', 'stop']);
    await first.expectLikeLoaded();
    const loaded = await first.load();
    first.unmount();

    const second = await page({ site: first.site, messages: loaded, resume: true });
    await second.site.until(() => expect(second.chat().status).toBe('ready'));
    expect(second.finished).toEqual([]);
    await second.say('More?');
    expect(second.shown().at(-1)).toBe('|Hello. Look around. More?');
    const runs = await second.runner.listThreadRuns('thread');
    expect(runs.map(({ continues }) => continues)).toEqual([undefined, runs[0]?.runId, runs[1]?.runId]);
  });

  test('a new message after a reload without messages continues the newest turn', async () => {
    const first = await page();
    await first.say('Hello.');
    const second = await page({ site: first.site });
    await second.say('More?');
    expect(second.shown()).toEqual(['More?', '|Hello. More?']);
  });

  test('an approval is sent to the run that waits, which continues in the same message', async () => {
    const { say, chat, during, shown, site, expectLikeLoaded, runner } = await page();
    await say('Ask me.');
    expect(shown().at(-1)).toBe('|I will see.|[tool-ask approval-requested]');
    await expectLikeLoaded();
    const approval = chat()
      .messages.at(-1)
      ?.parts.find((part) => part.type === 'tool-ask')?.approval;
    await during(async () => chat().addToolApprovalResponse({ id: approval?.id ?? '', approved: true }));
    await site.until(() => expect(chat().status).toBe('ready'));
    await site.until(() => expect(shown()).toHaveLength(2));
    await site.until(() =>
      expect(shown().at(-1)).toBe('|I will see.|[tool-ask output-available]||Ask me. yes'),
    );
    await expectLikeLoaded();
    expect(await runner.listThreadRuns('thread')).toHaveLength(1);
    expect(site.creates).toBe(2);
  });

  test('a denial and its reason reach the model', async () => {
    const { say, chat, during, shown, site, expectLikeLoaded } = await page();
    await say('Ask me.');
    const approval = chat()
      .messages.at(-1)
      ?.parts.find((part) => part.type === 'tool-ask')?.approval;
    await during(async () =>
      chat().addToolApprovalResponse({ id: approval?.id ?? '', approved: false, reason: 'Too late.' }),
    );
    await site.until(() => expect(shown().at(-1)).toContain('[tool-ask output-denied]||'));
    await site.until(() => expect(chat().status).toBe('ready'));
    expect(shown().at(-1)).toContain('Too late.');
    await expectLikeLoaded();
  });

  test('an approval after a reload', async () => {
    const first = await page();
    await first.say('Ask me.');
    const messages = await first.load();
    first.unmount();
    const { chat, during, shown, site } = await page({ site: first.site, messages, resume: true });
    await site.until(() => expect(chat().status).toBe('ready'));
    const approval = chat()
      .messages.at(-1)
      ?.parts.find((part) => part.type === 'tool-ask')?.approval;
    await during(async () => chat().addToolApprovalResponse({ id: approval?.id ?? '', approved: true }));
    await site.until(() =>
      expect(shown().at(-1)).toBe('|I will see.|[tool-ask output-available]||Ask me. yes'),
    );
    expect(shown()).toHaveLength(2);
  });

  test('the output of a tool of the page is sent to the run that waits', async () => {
    const { say, chat, during, shown, site, expectLikeLoaded } = await page();
    await say('Locate me.');
    expect(shown().at(-1)).toBe('|I will see.|[tool-locate input-available]');
    const call = chat()
      .messages.at(-1)
      ?.parts.find((part) => part.type === 'tool-locate');
    await during(async () =>
      chat().addToolOutput({ tool: 'locate', toolCallId: call?.toolCallId ?? '', output: 'Rome' }),
    );
    await site.until(() =>
      expect(shown().at(-1)).toBe('|I will see.|[tool-locate output-available]||Locate me. Rome'),
    );
    await expectLikeLoaded();
  });

  test('a page that reloads in the middle shows the whole answer, once', async () => {
    const first = await page();
    void first.chat().sendMessage({ text: 'Wait.' });
    await first.site.until(() => expect(first.shown().at(-1)).toContain('One'));
    first.unmount();
    const runner = first.site.openPage();
    let messages: ChatMessage<typeof guide>[] = [];
    await act(() =>
      first.site.during(async () => (messages = await loadMessages<typeof guide>(runner, 'thread'))),
    );
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    const second = await page({ site: first.site, runner, messages, resume: true });
    await second.site.until(() => expect(second.chat().status).toBe('streaming'));
    await second.site.until(() => expect(second.finished).toEqual(['stop']));
    expect(second.shown()).toEqual(['Wait.', '|One two three four five six seven.']);
    await second.expectLikeLoaded();
    expect(second.site.creates).toBe(1);
  });

  test('a run that ends between `loadMessages` and the first render is shown complete', async () => {
    const first = await page();
    void first.chat().sendMessage({ text: 'Wait.' });
    await first.site.until(() => expect(first.shown().at(-1)).toContain('One'));
    const messages = await first.load();
    await first.site.until(() => expect(first.chat().status).toBe('ready'));
    first.unmount();
    const second = await page({ site: first.site, runner: first.runner, messages, resume: true });
    await second.site.until(() => expect(second.shown().at(-1)).toContain('seven.'));
  });

  test('a page that is left does not stop the run', async () => {
    const { chat, shown, site, unmount, runner } = await page();
    void chat().sendMessage({ text: 'Wait.' });
    await site.until(() => expect(shown().at(-1)).toContain('One'));
    unmount();
    const [run] = runner.runs;
    run?.subscribe(() => undefined);
    expect(run?.view.status).toBe('in_progress');
    await site.until(() => expect(run?.view.status).toBe('completed'));
  });

  test('stop cancels the run with `onAbort: cancel`, and the next turn knows the text that was read', async () => {
    const { chat, shown, site, during, runner, say } = await page({ onAbort: 'cancel' });
    void chat().sendMessage({ text: 'Wait.' });
    await site.until(() => expect(shown().at(-1)).toContain('One'));
    await during(() => chat().stop());
    const [run] = runner.runs;
    await site.until(() => expect(run?.view.status).toBe('cancelled'));
    expect(chat().status).toBe('ready');
    await say('Hello.');
    expect(shown().at(-1)).toBe('|Wait. Hello.');
    const [, last] = await runner.listThreadRuns('thread');
    expect(last?.continues).toBe(run?.id);
  });

  test('a chat that reconnects in StrictMode does not cancel the run', async () => {
    const first = await page();
    void first.chat().sendMessage({ text: 'Wait.' });
    await first.site.until(() => expect(first.shown().at(-1)).toContain('One'));
    first.unmount();
    const second = await page({ site: first.site, resume: true, onAbort: 'cancel' });
    await second.site.until(() => expect(second.finished).toEqual(['stop']));
    expect(second.shown()).toEqual(['|One two three four five six seven.']);
  });

  test('a run that fails shows its error, and is in the loaded messages', async () => {
    const { say, chat, load } = await page();
    await say('Fail.');
    expect(chat().status).toBe('error');
    const loaded = await load();
    // A server does not show errors to its pages.
    expect(chat().error?.message).toMatch(/No such prompt\.|The run failed\./);
    expect(chat().error?.message).toBe(loaded.at(-1)?.metadata?.error?.message);
    expect(loaded.at(-1)?.metadata).toMatchObject({ status: 'failed', error: { code: 'invalid_prompt' } });
    expect(chat().messages.at(-1)?.metadata).toEqual(loaded.at(-1)?.metadata);
  });

  test('regenerate and an edited message start other versions of their turns', async () => {
    const { say, chat, during, shown, runner } = await page();
    await say('Hello.');
    await say('Look here.');
    await during(() => chat().regenerate());
    expect(shown().at(-1)).toContain('Hello. Look here. saw Look here.');
    await during(() => chat().sendMessage({ text: 'Edited.', messageId: chat().messages[2]?.id ?? '' }));
    expect(shown()).toEqual(['Hello.', '|Hello.', 'Edited.', '|Hello. Edited.']);
    await during(() => chat().sendMessage({ text: 'Other start.', messageId: chat().messages[0]?.id ?? '' }));
    expect(shown()).toEqual(['Other start.', '|Other start.']);
    const runs = await runner.listThreadRuns('thread');
    const first = runs[0]?.runId;
    expect(runs.map(({ continues }) => continues)).toEqual([undefined, first, first, first, undefined]);
  });

  test('regenerate sends the original input of a loaded message', async () => {
    const first = await page();
    const { runner, site } = first;
    const input = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hello.' },
    ];
    if (place.name !== 'on a server')
      await first.during(() => runner.start<AgentRef>(agent, input, { threadId: 'thread' }).done());
    else await first.say('Hello.');
    const messages = await first.load();
    first.unmount();
    const second = await page({ site, runner, messages });
    await second.during(() => second.chat().regenerate());
    const runs = await runner.listThreadRuns('thread');
    expect(runs).toHaveLength(2);
    expect(runner.get(runs[1]?.runId ?? '')?.view.input).toEqual(
      runner.get(runs[0]?.runId ?? '')?.view.input,
    );
  });

  test('a message that is sent while the run is active is refused', async () => {
    const { say, chat, shown, site, during } = await page();
    void chat().sendMessage({ text: 'Wait.' });
    await site.until(() => expect(shown().at(-1)).toContain('One'));
    await during(() => chat().stop());
    await say('Hello.');
    expect(chat().error).toMatchObject({ code: 'busy' });
  });

  test('files of a message become input', async () => {
    const { chat, during, runner, load } = await page();
    const url = 'data:image/png;base64,AQ==';
    const files = [{ type: 'file', mediaType: 'image/png', url } as const];
    await during(() => chat().sendMessage({ text: 'What is it?', files }));
    expect(chat().status).toBe('ready');
    const [run] = await runner.listThreadRuns('thread');
    expect((await runner.read(run?.runId ?? ''))?.input).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: url },
          { type: 'input_text', text: 'What is it?' },
        ],
      },
    ]);
    const loaded = await load();
    expect(loaded[0]?.parts).toEqual([...files, { type: 'text', text: 'What is it?' }]);
  });
});
