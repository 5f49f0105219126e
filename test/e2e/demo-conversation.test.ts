import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  answer,
  answerOf,
  chooseLoop,
  complaintsOf,
  say,
  turn,
  waitForPage,
  waitForStatus,
} from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld, switchFault } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.2' }));

/** Waits until the last answer contains a text, and is complete. */
async function waitForAnswer(page: Page, position: number, text: string): Promise<void> {
  await answer(page, position).filter({ hasText: text }).waitFor();
  await waitForStatus(page, 'Done');
}

/** Clicks a button as soon as an answer has this many characters. A test that looks for the text may be too slow. */
async function clickAtText(page: Page, name: string, characters: number): Promise<void> {
  await page.evaluate(
    ([label, count]) => {
      const observer = new MutationObserver(() => {
        const texts = [...document.querySelectorAll<HTMLElement>('[data-testid="answer"]')];
        if ((texts.at(-1)?.innerText.length ?? 0) < count) return;
        const buttons = [...document.querySelectorAll('button')];
        const button = buttons.find(({ textContent }) => textContent.trim() === label);
        if (button === undefined) return;
        observer.disconnect();
        button.click();
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [name, characters] as const,
  );
}

test.each(['In this page', 'On the server'] as const)(
  'an edited question is another version, and both survive a reload: %s',
  async (place) => {
    const { page, complaints } = await visit();
    if (place === 'On the server') await chooseLoop(page, place);
    await say(page, '6 * 7');
    await waitForAnswer(page, 1, '= 42');
    await turn(page, 1).getByRole('button', { name: 'Edit' }).click();
    const field = turn(page, 1).getByLabel('The question');
    await field.fill('6 * 8');
    await field.press('Enter');
    await waitForAnswer(page, 1, '= 48');
    const versions = turn(page, 1).getByRole('group', { name: 'Versions' });
    await versions.getByText('2 of 2').waitFor();
    await versions.getByRole('button', { name: 'Previous version' }).click();
    await answer(page, 1).filter({ hasText: '= 42' }).waitFor();
    // A follow-up continues the version that is shown.
    await say(page, 'What did I ask before?');
    await waitForAnswer(page, 2, '“6 * 7”');
    expect(await answerOf(page, 2)).not.toContain('6 * 8');
    await page.reload();
    await waitForAnswer(page, 2, '“6 * 7”');
    await versions.getByText('1 of 2').waitFor();
    await versions.getByRole('button', { name: 'Next version' }).click();
    await answer(page, 1).filter({ hasText: '= 48' }).waitFor();
    expect(await turn(page, 2).count()).toBe(0);
    expect(complaints.join('\n')).toBe('');
  },
);

test('a question that is asked again has another answer, and the conversation stays', async () => {
  const { page, complaints } = await visit();
  await say(page, '6 * 7');
  await waitForAnswer(page, 1, '= 42');
  // The field of the new page has the focus, so that the next message can be typed.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
  await turn(page, 1).getByRole('button', { name: 'Ask again' }).click();
  await turn(page, 1).getByText('2 of 2').waitFor();
  await waitForAnswer(page, 1, '= 42');
  expect(await page.getByRole('region', { name: 'Conversations' }).getByRole('link').count()).toBe(1);
  expect(complaints.join('\n')).toBe('');
});

test.each(['In this page', 'On the server'] as const)(
  'the next turn knows the text of an answer that was stopped: %s',
  async (place) => {
    const { page, complaints } = await visit();
    if (place === 'On the server') await chooseLoop(page, place);
    await clickAtText(page, 'Stop', 30);
    await say(page, 'Who won the cup in 1998?');
    await waitForStatus(page, 'Cancelled');
    const read = await answerOf(page, 1);
    expect(read).toContain('I am a simulated model');
    expect(read).not.toContain('OPENAI_API_KEY');
    await page.reload();
    // The Markdown renderer may still be loading.
    await expect.poll(() => answerOf(page, 1)).toBe(read);
    await say(page, 'What did I ask before?');
    await waitForAnswer(page, 2, 'You asked: “Who won the cup in 1998?” I wrote: “I am a');
    expect(complaints.join('\n')).toBe('');
  },
);

test.each(['In this page', 'On the server'] as const)(
  'a message that is added to an answer reaches the model with its next request, over a reload: %s',
  async (place) => {
    const { page, complaints } = await visit();
    if (place === 'On the server') await chooseLoop(page, place);
    await startHeld(page, place === 'On the server' ? 'Look at my browser' : 'Is Seattle really rainier');
    await page.getByRole('radio', { name: 'Add to this answer', checked: true }).waitFor();
    await say(page, 'In short sentences');
    const added = page.getByRole('region', { name: 'Added messages' });
    await added.getByText('In short sentences').waitFor();
    await page.reload();
    await added.getByText('In short sentences').waitFor();
    await releaseQueue(page);
    await waitForAnswer(page, 1, 'You added while I worked');
    expect(await turn(page, 1).getByRole('note', { name: 'Added to this answer' }).innerText()).toContain(
      'In short sentences',
    );
    expect(await added.count()).toBe(0);
    expect(await turn(page, 2).count()).toBe(0);
    expect(complaints.join('\n')).toBe('');
  },
);

test('waiting messages survive a reload, can be removed, and become one turn in two tabs', async () => {
  const { page, context, complaints } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await page.getByRole('radio', { name: 'Send after it' }).check();
  await say(page, '6 * 7');
  await say(page, 'not this one');
  const waiting = page.getByRole('region', { name: 'Waiting messages' });
  await waiting.getByText('Sent when the answer has ended').waitFor();
  await waiting.getByRole('button', { name: 'Do not send “not this one”' }).click();
  await page.reload();
  await waiting.getByText('6 * 7').waitFor();
  expect(await waiting.getByRole('listitem').count()).toBe(1);

  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByRole('region', { name: 'Waiting messages' }).getByText('6 * 7').waitFor();
  await releaseQueue(page);
  for (const tab of [page, second]) {
    await waitForAnswer(tab, 2, '= 42');
    expect(await turn(tab, 3).count()).toBe(0);
    expect(await turn(tab, 2).getByText(' of ').count()).toBe(0);
    expect(await tab.getByRole('region', { name: 'Waiting messages' }).count()).toBe(0);
  }
  expect(complaints.join('\n')).toBe('');
});

test('after a stop, waiting messages are sent with the next message', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await page.getByRole('radio', { name: 'Send after it' }).check();
  await say(page, 'first');
  const waiting = page.getByRole('region', { name: 'Waiting messages' });
  await waiting.getByText('first').waitFor();
  // Escape in the field stops the answer.
  await page.getByLabel('Your message').press('Escape');
  await waitForStatus(page, 'Cancelled');
  await waiting.getByText('Sent with your next message').waitFor();
  await switchFault(page.url(), 'hold-queue', false);
  await say(page, 'second');
  await waitForAnswer(page, 2, 'I am a simulated model');
  const question = turn(page, 2).getByRole('group', { name: 'Your question' });
  expect(await question.innerText()).toMatch(/first\s+second/);
  expect(await waiting.count()).toBe(0);
  expect(complaints.join('\n')).toBe('');
});

test('a draft survives a reload, each conversation has its own, and a sent message leaves none', async () => {
  const { page, complaints } = await visit();
  const field = page.getByLabel('Your message');
  await field.fill('a draft of the start page');
  await page.reload();
  await expect.poll(() => field.inputValue()).toBe('a draft of the start page');
  await say(page, '6 * 7');
  await waitForAnswer(page, 1, '= 42');
  expect(await field.inputValue()).toBe('');
  await field.fill('a draft of the conversation');
  await page.getByRole('link', { name: 'New conversation' }).click();
  await page.getByRole('region', { name: 'Start a task' }).waitFor();
  expect(await field.inputValue()).toBe('');
  await page.goBack();
  await waitForAnswer(page, 1, '= 42');
  await page.reload();
  await waitForAnswer(page, 1, '= 42');
  expect(await field.inputValue()).toBe('a draft of the conversation');
  expect(complaints.join('\n')).toBe('');
});

test('without storage, the page works, and a draft is kept until a reload', async () => {
  const { context, url } = await visit();
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
  });
  await page.goto(url);
  await waitForPage(page);
  await page.getByRole('radio', { name: 'Poll' }).check();
  const field = page.getByLabel('Your message');
  await field.fill('a draft');
  await chooseLoop(page, 'On the server');
  expect(await field.inputValue()).toBe('');
  await chooseLoop(page, 'In this page');
  expect(await field.inputValue()).toBe('a draft');
  expect(complaints.join('\n')).toBe('');
});

test('the answer can be copied, and the conversation exported', async () => {
  const { page, context, complaints } = await visit();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await say(page, '6 * 7');
  await waitForAnswer(page, 1, '= 42');
  await turn(page, 1).getByRole('button', { name: 'Copy' }).click();
  await turn(page, 1).getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('**6 * 7 = 42**');
  const save = async (format: string): Promise<string> => {
    await page.getByText('Export', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: format }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  };
  expect(await save('As Markdown')).toContain('## You\n\n6 * 7\n\n## Agent\n');
  expect(JSON.parse(await save('As JSON'))).toMatchObject({ turns: [{ status: 'completed' }] });
  expect(complaints.join('\n')).toBe('');
});

test('an image and a PDF are attached to a question, and shown with it', async () => {
  const { page, complaints } = await visit();
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  // Files are attached to a text that was typed before, too.
  await page.getByLabel('Your message').fill('What is this?');
  await page.getByLabel('Files to attach').setInputFiles([
    { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') },
    { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') },
  ]);
  await page.getByRole('list', { name: 'Attached files' }).getByText('a.pdf').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await waitForAnswer(page, 1, 'I have received your 2 files');
  const question = turn(page, 1).getByRole('group', { name: 'Your question' });
  await question.getByRole('img').waitFor();
  await question.getByRole('link', { name: 'a.pdf' }).waitFor();
  await page.reload();
  await question.getByRole('img').waitFor();
  expect(complaints.join('\n')).toBe('');
});

test('the list has distinct titles, and is searchable', async () => {
  const { page, complaints } = await visit();
  const start = async (text: string): Promise<void> => {
    await page.getByRole('link', { name: 'New conversation' }).click();
    await say(page, text);
    await waitForAnswer(page, 1, '=');
  };
  await start('6 * 7');
  await start('6 * 7');
  await start('10 / 4');
  const links = page.getByRole('region', { name: 'Conversations' }).getByRole('link');
  await expect.poll(() => links.count()).toBe(3);
  await links.filter({ hasText: '6 * 7 (2)' }).waitFor();
  await page.getByLabel('Search conversations').fill('10');
  await expect.poll(() => links.count()).toBe(1);
  await page.getByLabel('Search conversations').fill('nothing');
  await page.getByText('No title contains “nothing”.').waitFor();
  expect(complaints.join('\n')).toBe('');
});
