import type { AgentRef } from '@longhaul/core';
import { cleanup } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ChatPage,
  type ChatPageOptions,
  guide,
  type GuideMessage,
  openChat,
} from '../../test-support/chat-page.tsx';
import { places } from '../../test-support/places.ts';
import { loadMessages } from './load-messages.ts';

afterEach(() => cleanup());

describe.each(places)('useChat, with the loop $name', (place) => {
  const agent = place.refer(guide);
  const page = (options: ChatPageOptions = {}): Promise<ChatPage> => openChat(place, options);

  test('continues the conversation, before and after a reload', async () => {
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
    const { say, decide, chat, shown, site, expectLikeLoaded, runner } = await page();
    await say('Ask me.');
    expect(shown().at(-1)).toBe('|I will see.|[tool-ask approval-requested]');
    await expectLikeLoaded();
    await decide(true);
    expect(shown()).toEqual(['Ask me.', '|I will see.|[tool-ask output-available]||Ask me. yes']);
    expect(chat().status).toBe('ready');
    await expectLikeLoaded();
    expect(await runner.listThreadRuns('thread')).toHaveLength(1);
    expect(site.creates).toBe(2);
  });

  test('a denial and its reason reach the model', async () => {
    const { say, decide, shown, expectLikeLoaded } = await page();
    await say('Ask me.');
    await decide(false, 'Too late.');
    expect(shown().at(-1)).toContain('[tool-ask output-denied]||');
    expect(shown().at(-1)).toContain('Too late.');
    await expectLikeLoaded();
  });

  test('an approval after a reload', async () => {
    const first = await page();
    await first.say('Ask me.');
    const messages = await first.load();
    first.unmount();
    const { chat, decide, shown, site } = await page({ site: first.site, messages, resume: true });
    await site.until(() => expect(chat().status).toBe('ready'));
    await decide(true);
    expect(shown()).toEqual(['Ask me.', '|I will see.|[tool-ask output-available]||Ask me. yes']);
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
    await first.wait();
    first.unmount();
    const runner = first.site.openPage();
    let messages: GuideMessage[] = [];
    await first.site.during(async () => (messages = await loadMessages<typeof guide>(runner, 'thread')));
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
    await first.wait();
    const messages = await first.load();
    await first.site.until(() => expect(first.chat().status).toBe('ready'));
    first.unmount();
    const second = await page({ site: first.site, runner: first.runner, messages, resume: true });
    await second.site.until(() => expect(second.shown().at(-1)).toContain('seven.'));
  });

  test('a page that is left does not stop the run', async () => {
    const { wait, site, unmount, runner } = await page();
    await wait();
    unmount();
    const [run] = runner.runs;
    run?.subscribe(() => undefined);
    expect(run?.view.status).toBe('in_progress');
    await site.until(() => expect(run?.view.status).toBe('completed'));
  });

  test('stop cancels the run with `onAbort: cancel`, and the next turn knows the text that was read', async () => {
    const { chat, shown, site, during, wait, runner, say } = await page({ onAbort: 'cancel' });
    await wait();
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
    await first.wait();
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

  test('a turn that was retried elsewhere is one answer, which the next turn continues', async () => {
    const first = await page();
    await first.say('Fail.');
    const { runner, site } = first;
    const [failed] = await runner.listThreadRuns('thread');
    await first.during(() => runner.start(agent, [], { continueFrom: failed?.runId }).done());
    const messages = await first.load();
    first.unmount();
    const [, retry] = await runner.listThreadRuns('thread');
    expect(messages.map(({ id }) => id)).toEqual([`${failed?.runId}/input`, failed?.runId]);
    expect(messages.at(-1)?.metadata?.runId).toBe(retry?.runId);
    const second = await page({ site, runner, messages });
    await second.say('Hello.');
    expect(second.shown().at(-1)).toBe('|Fail. Hello.');
    const [, , next] = await runner.listThreadRuns('thread');
    expect(next?.continues).toBe(retry?.runId);
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
    await during(async () => {
      const branch = await loadMessages(runner, 'thread', { branch: runs[1]?.runId });
      const answers = branch.filter(({ role }) => role === 'assistant');
      expect(answers.map(({ id }) => id)).toEqual([first, runs[1]?.runId]);
    });
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
    const { say, chat, wait, during } = await page();
    await wait();
    await during(() => chat().stop());
    await say('Hello.');
    expect(chat().error).toMatchObject({ code: 'busy' });
  });

  test('an answer without a call that waits cannot be sent', async () => {
    const { say, chat, during, runner } = await page();
    await say('Hello.');
    await during(() => chat().sendMessage());
    expect(chat().error?.message).toContain('no approval and no output');
    expect(await runner.listThreadRuns('thread')).toHaveLength(1);
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
