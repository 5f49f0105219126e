import { expect, test } from 'vitest';
import { answer, inspect, say, startTask, waitForPage, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.1' }));

test('on a phone, the header is slim, the message field is in view, and drawers have the list and the inspector', async () => {
  const { page, complaints } = await visit({ viewport: { width: 390, height: 844 } });
  const expectInReach = async (): Promise<void> => {
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { scrollWidth, scrollHeight };
    });
    expect(size).toEqual({ scrollWidth: 390, scrollHeight: 844 });
    const field = await page.getByLabel('Your message').boundingBox();
    expect(field?.y).toBeGreaterThan(400);
    expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThan(844);
    expect((await page.getByRole('banner').boundingBox())?.height).toBeLessThanOrEqual(56);
  };
  await expectInReach();
  await startHeld(page, 'Is Seattle really rainier');
  await page.getByRole('radio', { name: 'Send after it' }).check();
  await say(page, 'A message that is too long for one line of a phone, and has a button at its end');
  const remove = page.getByRole('button', { name: /^Do not send/ });
  const button = await remove.boundingBox();
  expect((button?.x ?? 390) + (button?.width ?? 0)).toBeLessThan(390);
  await remove.click();
  await releaseQueue(page);
  await answer(page).filter({ hasText: '32.6 %' }).waitFor();
  await waitForStatus(page, 'Done');
  await expectInReach();
  await inspect(page, 'Requests');
  await page.getByRole('dialog', { name: 'Run inspector' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Conversations' }).click();
  const list = page.getByRole('dialog', { name: 'Conversations and settings' });
  await list.getByRole('radio', { name: 'On the server' }).waitFor();
  await list.getByRole('radio', { name: 'Poll' }).waitFor();
  await list.getByRole('link', { name: /Is Seattle really rainier/ }).click();
  await expectInReach();
  expect(complaints.join('\n')).toBe('');
});

test('on a wide page, the header is at most 64 pixels high, and the transcript scrolls to the bar that is clicked', async () => {
  const { page, complaints } = await visit({ viewport: { width: 1440, height: 900 } });
  expect((await page.getByRole('banner').boundingBox())?.height).toBeLessThanOrEqual(64);
  await startTask(page, 'Is Seattle really rainier');
  await answer(page).filter({ hasText: '32.6 %' }).waitFor();
  await waitForStatus(page, 'Done');
  // The last response is selected, with its JSON.
  await page.getByRole('region', { name: 'in progress as JSON' }).waitFor();
  const legend = page.getByRole('list', { name: 'Colours' });
  expect(await legend.innerText()).not.toMatch(/poll|broken|waiting for you/);
  const card = page.getByRole('article', { name: /^Query the data/ }).first();
  await expect.poll(async () => (await card.boundingBox())?.y ?? 0).toBeLessThan(0);
  await page.getByRole('button', { name: 'query_data: query_data' }).first().click();
  await page.getByRole('region', { name: 'query_data as JSON' }).getByText('sql').waitFor();
  await expect.poll(async () => (await card.boundingBox())?.y ?? -1).toBeGreaterThan(0);
  expect(complaints.join('\n')).toBe('');
});

test('a hidden tab shows a notification for an approval, after the visitor has allowed it with a click', async () => {
  const { context, url } = await visit();
  const page = await context.newPage();
  const shown: string[] = [];
  await page.exposeFunction('recordNotice', (text: string) => shown.push(text));
  await page.addInitScript(() => {
    const record = (text: string): unknown => Reflect.get(globalThis, 'recordNotice')(text);
    class FakeNotification extends EventTarget {
      static permission = 'default';
      static async requestPermission(): Promise<string> {
        record('asked');
        FakeNotification.permission = 'granted';
        return 'granted';
      }
      constructor(title: string, { body }: { readonly body: string }) {
        super();
        record(`${title}: ${body}`);
      }
      close(): void {}
    }
    Object.assign(globalThis, { Notification: FakeNotification });
  });
  await page.goto(url);
  await waitForPage(page);
  await startTask(page, 'Find a record');
  await waitForStatus(page, 'Waiting for you');
  expect(await page.title()).toBe('Waiting for you: Find a record, keep a note · Longhaul');
  expect(shown).toEqual([]);
  await page.getByRole('button', { name: 'Notify me' }).click();
  await page.getByRole('button', { name: 'Notify me' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Deny' }).click();
  await waitForStatus(page, 'Done');
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true }));
  await startTask(page, 'Plan a trip with me');
  await waitForStatus(page, 'Waiting for you');
  await expect.poll(() => shown).toEqual(['asked', 'Longhaul needs your decision: Plan a trip with me']);
});
