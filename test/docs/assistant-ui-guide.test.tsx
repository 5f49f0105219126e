// @vitest-environment happy-dom
import { once } from 'node:events';
import { configure, fireEvent, screen } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { closePage, reopenPage } from './example-page.ts';
import { closeRunners } from './recorded-runners.ts';
import { startExamples } from './start-examples.ts';

configure({ asyncUtilTimeout: untilTestEnds });

const openPage = (): Promise<void> => reopenPage(() => import('./examples/assistant-ui.tsx'));

/** Clicks the last button of this name, when it is enabled. */
async function click(name: string): Promise<void> {
  const button = await vi.waitFor(() => {
    const found = screen.getAllByRole('button', { name }).at(-1);
    expect(found).toHaveProperty('disabled', false);
    return found ?? document.body;
  }, untilTestEnds);
  fireEvent.click(button);
}

async function say(text: string): Promise<void> {
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } });
  await click('Send');
}

test('the page of the guide: an approval after a restart of the server, an edit, branches, and the list of chats', async () => {
  const { serve } = await startExamples(({ items, userText }) => {
    const isAnswered = items.at(-1)?.type === 'function_call_output';
    if (userText.startsWith('Refund') && !isAnswered)
      return { calls: [{ name: 'refund', arguments: { orderId: 'A1' } }] };
    return { text: `Answer to: ${userText} (${items.length} items)` };
  });
  const env = { SHOP_URL: 'http://127.0.0.1:9', SHOP_KEY: 'key' };
  const first = await serve('server.ts', env);
  onTestFinished(closeRunners);
  onTestFinished(closePage);
  window.happyDOM.setURL(first.url);
  await openPage();

  await say('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
  await say('Refund A1.');
  await screen.findByText('Approve');
  expect(location.hash).not.toBe('');
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await serve('server.ts', { ...env, PORT: new URL(first.url).port });

  await openPage();
  await click('Deny');
  await screen.findByText(/Answer to: Refund A1\./);
  await click('Edit');
  fireEvent.change(screen.getByLabelText('Ask instead'), { target: { value: 'Goodbye.' } });
  await click('Save');
  await screen.findByText('Answer to: Goodbye. (3 items)');
  await click('Previous');
  await screen.findByText(/Answer to: Refund A1\./);

  await click('New chat');
  await vi.waitFor(() => expect(screen.queryByText(/^Answer/)).toBeNull(), untilTestEnds);
  await say('Another subject.');
  await screen.findByText('Answer to: Another subject. (1 items)');
  await click('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
});
