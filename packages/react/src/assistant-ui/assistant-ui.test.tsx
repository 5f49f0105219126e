import { defineAgent, tool } from '@longhaul/core';
import type { Script } from '@longhaul/core/testing';
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, within, type RenderResult } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { AssistantPage } from '../../test-support/assistant-page.tsx';
import { places } from '../../test-support/places.ts';
import { wrapperOf } from '../../test-support/render.tsx';
import type { Site } from '../../test-support/site.ts';

beforeEach(() => {
  localStorage.clear();
});
afterEach(() => cleanup());

const refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: ({ order }) => ({ refunded: order }),
});
const locate = tool({ name: 'locate', parameters: z.object({ precise: z.boolean() }) });
const support = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [refund, locate] });

/** Answers with all texts of the user that it has read, so that a lost or repeated one shows. */
const script: Script = ({ items, userText: asked, outputs }) => {
  const isAnswered = items.at(-1)?.type?.endsWith('_output') === true;
  if (isAnswered) return { text: `After the tool: ${String(Object.values(outputs).at(-1))}` };
  if (asked.startsWith('Refund')) return { calls: [{ name: 'refund', arguments: { order: 'A1' } }] };
  if (asked.startsWith('Locate')) return { calls: [{ name: 'locate', arguments: { precise: true } }] };
  if (asked.startsWith('Fail')) return { fail: { code: 'invalid_prompt', message: 'This failed.' } };
  if (asked.startsWith('Slow')) return { text: 'One two three four five six.', runMs: 60_000 };
  const said = items.flatMap(({ role, content }) =>
    role === 'user' && typeof content === 'string' ? content : [],
  );
  return { text: `Read ${said.join(' ')}`, runMs: 1_000 };
};

describe.each(places)('assistant-ui, $name', ({ open, refer }) => {
  interface Page extends RenderResult {
    readonly site: Site;
    readonly threadIds: (string | undefined)[];
    readonly transcript: () => string[];
    readonly until: (assertion: () => void) => Promise<void>;
    readonly untilShown: (...expected: unknown[]) => Promise<void>;
    readonly type: (label: string, text: string) => void;
    readonly click: (name: string, index?: number) => Promise<void>;
    readonly say: (text: string) => Promise<void>;
    readonly threadId: () => string;
  }

  async function page({ site, threadId }: { site?: Site; threadId?: string } = {}): Promise<Page> {
    const opened = site ?? (await open({ agents: [support], script, mode: 'stream' }));
    const threadIds: (string | undefined)[] = [threadId];
    const view = render(
      <AssistantPage agent={refer(support)} threadId={threadId} onThreadId={(id) => threadIds.push(id)} />,
      { wrapper: wrapperOf(opened.openPage(), new QueryClient()), reactStrictMode: true },
    );
    /** The messages with their parts, and with the position in their branches. */
    const transcript = (): string[] =>
      within(view.container)
        .queryAllByTestId('message')
        .map((message) => {
          const texts = within(message)
            .queryAllByTestId(/^(?:attachment|content|error)$/)
            .map(({ textContent }) => textContent);
          const branch = within(message).queryByTestId('branches')?.textContent ?? '';
          const [place = ''] = /\d+\/\d+/.exec(branch) ?? [];
          const who = message.getAttribute('aria-label') === 'user' ? '>' : '<';
          return [who, ...texts, place].filter((text) => text !== '').join(' ');
        });
    const until = (assertion: () => void): Promise<void> => opened.until(assertion);
    const type = (label: string, text: string): void => {
      fireEvent.change(view.getByLabelText(label), { target: { value: text } });
    };
    const click = async (name: string, index = -1): Promise<void> => {
      let button: HTMLElement | undefined;
      await until(() => {
        button = view.getAllByText(name, { selector: 'button' }).at(index);
        expect(button).toHaveProperty('disabled', false);
      });
      await act(async () => void (button && fireEvent.click(button)));
    };
    return {
      ...view,
      site: opened,
      threadIds,
      transcript,
      until,
      untilShown: (...expected) => until(() => expect(transcript()).toEqual(expected)),
      type,
      click,
      say: async (text) => {
        const before = transcript().length;
        type('Message', text);
        await click('Send');
        await until(() => expect(transcript().length).toBeGreaterThan(before));
        await until(() => expect(view.getByRole('status').textContent).toBe('completed'));
      },
      threadId: () => threadIds.at(-1) ?? '',
    };
  }

  test('sends messages, shows the answers, and shows them again after a reload', async () => {
    const p = await page();
    await p.say('One.');
    await p.say('Two.');
    const shown = ['> One.', '< Read One.', '> Two.', '< Read One. Two.'];
    expect(p.transcript()).toEqual(shown);
    p.unmount();
    const again = await page({ site: p.site, threadId: p.threadId() });
    await again.untilShown(...shown);
    await again.say('Three.');
    expect(again.transcript().at(-1)).toBe('< Read One. Two. Three.');
  });

  test('the text of an active run streams, including on a page that opens in the middle', async () => {
    const p = await page();
    p.type('Message', 'Slow.');
    await p.click('Send');
    await p.until(() => expect(p.transcript().at(-1)).toMatch(/^< One two/));
    p.unmount();
    const again = await page({ site: p.site, threadId: p.threadId() });
    await again.until(() => expect(again.transcript().at(-1)).toMatch(/^< One two/));
    await again.untilShown('> Slow.', '< One two three four five six.');
  });

  test('a reload is another answer to the same message, and an edit is another message', async () => {
    const p = await page();
    await p.say('One.');
    await p.click('Reload');
    await p.untilShown('> One.', '< Read One. 2/2');
    await p.click('Edit');
    p.type('Edited message', 'Eins.');
    await p.click('Save');
    await p.untilShown('> Eins. 2/2', '< Read Eins.');
    await p.say('Two.');
    await p.click('Previous', 0);
    await p.untilShown('> One. 1/2', '< Read One. 2/2');
    await p.click('Previous');
    await p.untilShown('> One. 1/2', '< Read One. 1/2');
    await p.click('Next', 0);
    await p.untilShown('> Eins. 2/2', '< Read Eins.', '> Two.', '< Read Eins. Two.');
    // A page that opens later has the same branches.
    p.unmount();
    const again = await page({ site: p.site, threadId: p.threadId() });
    await again.untilShown('> Eins. 2/2', '< Read Eins.', '> Two.', '< Read Eins. Two.');
    await again.click('Previous', 0);
    await again.until(() => expect(again.transcript()[0]).toBe('> One. 1/2'));
    expect(again.transcript()).toHaveLength(2);
    expect(again.transcript()[1]).toMatch(/^< Read One\. [12]\/2$/);
  });

  test('a call that needs an approval is approved or denied by its tool UI', async () => {
    const p = await page();
    p.type('Message', 'Refund.');
    await p.click('Send');
    await p.click('Approve');
    await p.until(() => expect(p.getByRole('status').textContent).toBe('completed'));
    expect(p.transcript().at(-1)).toContain('refund({"order":"A1"}) complete {"refunded":"A1"}');
    p.type('Message', 'Refund again.');
    await p.click('Send');
    await p.click('Deny');
    await p.until(() => expect(p.transcript().at(-1)).toContain('Too much.'));
    await p.until(() => expect(p.getByRole('status').textContent).toBe('completed'));
    expect(p.transcript().at(-1)).toContain('complete error');
  });

  test('a call that the page answers is answered by its tool UI', async () => {
    const p = await page();
    p.type('Message', 'Locate.');
    await p.click('Send');
    await p.click('Answer');
    await p.until(() => expect(p.transcript().at(-1)).toContain('complete {"lat":1}'));
    await p.until(() => expect(p.transcript().at(-1)).toContain('After the tool: {"lat":1}'));
  });

  test('stops the answer, and keeps the text that was read', async () => {
    const p = await page();
    p.type('Message', 'Slow.');
    await p.click('Send');
    await p.until(() => expect(p.transcript().at(-1)).toMatch(/^< One two/));
    await p.click('Stop');
    await p.until(() => expect(p.getByRole('status').textContent).toBe('cancelled'));
    expect(p.transcript()).toHaveLength(2);
    expect(p.transcript().at(-1)).toMatch(/^< One two/);
    await p.say('Next.');
    expect(p.transcript().slice(2)).toEqual(['> Next.', expect.stringContaining('Next.')]);
  });

  test('a message that is sent while the agent answers waits, and can be removed', async () => {
    const p = await page();
    p.type('Message', 'Slow.');
    await p.click('Send');
    await p.until(() => expect(p.transcript().at(-1)).toMatch(/^< One/));
    p.type('Message', 'Next.');
    await p.click('Send');
    p.type('Message', 'Never.');
    await p.click('Send');
    await p.until(() => expect(p.queryAllByTestId('queued')).toHaveLength(2));
    await p.click('Remove');
    await p.until(() => expect(p.transcript().at(-1)).toBe('< Read Slow. Next.'));
    expect(p.queryAllByTestId('queued')).toHaveLength(0);
  });

  test('a waiting message can be steered into the answer, which it divides', async () => {
    const p = await page();
    p.type('Message', 'Refund.');
    await p.click('Send');
    await p.until(() => expect(p.getByText('Approve')).toBeDefined());
    p.type('Message', 'Be quick.');
    await p.click('Send');
    await p.click('Steer');
    await p.until(() => expect(p.queryAllByTestId('queued')).toHaveLength(0));
    await p.click('Approve');
    await p.until(() => expect(p.getByRole('status').textContent).toBe('completed'));
    await p.untilShown(
      '> Refund.',
      expect.stringContaining('refund('),
      '> Be quick.',
      expect.stringContaining('< '),
    );
    expect(p.site.creates).toBe(2);
  });

  test('a failed answer shows its error, and a reload retries it as the same turn', async () => {
    const p = await page();
    p.type('Message', 'Fail.');
    await p.click('Send');
    // A page of a server does not see the model's error.
    const failed = ['> Fail.', expect.stringMatching(/^< (?:This|The run) failed\.$/)];
    await p.until(() => expect(p.transcript()).toEqual(failed));
    await p.click('Reload');
    await p.until(() => expect(p.site.creates).toBe(2));
    await p.until(() => expect(p.transcript()).toEqual(failed));
  });

  test('sends an attachment, shows it, and keeps it when the text is edited', async () => {
    const p = await page();
    const file = new File(['%PDF-1.4'], 'plan.pdf', { type: 'application/pdf' });
    p.type('Message', 'What is this?');
    await act(async () => {
      const input = document.querySelector('input[type=file]');
      if (input === null) {
        fireEvent.click(p.getByText('Attach'));
      }
      const picker = document.querySelector<HTMLInputElement>('input[type=file]');
      if (picker === null) throw new Error('There is no file picker.');
      fireEvent.change(picker, { target: { files: [file] } });
    });
    await p.until(() => expect(p.getByText('plan.pdf')).toBeDefined());
    await p.click('Send');
    await p.untilShown('> plan.pdf What is this?', '< Read What is this?');
    await p.click('Edit');
    p.type('Edited message', 'And this?');
    await p.click('Save');
    await p.untilShown('> plan.pdf And this? 2/2', '< Read And this?');
    const bodies = p.site.emulator.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    for (const body of bodies)
      expect(JSON.stringify(body)).toContain(`"file_data":"data:application/pdf;base64,${btoa('%PDF-1.4')}"`);
  });

  test('the list of threads shows chats, opens them, begins new ones and deletes them', async () => {
    const p = await page();
    await p.say('First chat.');
    await p.click('New chat');
    await p.untilShown();
    await p.say('Second chat.');
    const titles = (): (string | null)[] =>
      p.getAllByTestId('thread').map((item) => within(item).getAllByRole('button')[0]?.textContent ?? null);
    await p.until(() => expect(titles()).toEqual(['Second chat.', 'First chat.']));
    await p.click('First chat.');
    await p.untilShown('> First chat.', '< Read First chat.');
    await p.click('Second chat.');
    await p.untilShown('> Second chat.', '< Read Second chat.');
    await p.click('Delete', 0);
    await p.until(() => expect(titles()).toEqual(['First chat.']));
    await p.untilShown();
    expect(p.threadId()).toBe('');
  });

  test('keeps what was typed while the first answer begins', async () => {
    const p = await page();
    p.type('Message', 'One.');
    await p.click('Send');
    p.type('Message', 'Typed early');
    await p.until(() => expect(p.getByRole('status').textContent).toBe('completed'));
    expect(p.getByLabelText('Message')).toHaveProperty('value', 'Typed early');
  });

  test('an unmount does not stop the run', async () => {
    const p = await page();
    p.type('Message', 'Slow.');
    await p.click('Send');
    await p.until(() => expect(p.getByRole('status').textContent).toBe('in_progress'));
    p.unmount();
    const again = await page({ site: p.site, threadId: p.threadId() });
    await again.until(() => expect(again.getByRole('status').textContent).toBe('completed'));
    expect(p.site.creates).toBe(1);
  });
});
