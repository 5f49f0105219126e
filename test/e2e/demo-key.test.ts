import { createEmulator } from '@longhaul/core/testing';
import { type EmulatorServer, serveEmulator } from '@longhaul/core/testing/node';
import { afterAll, expect, test } from 'vitest';
import { answer, callCards, startTask, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { useDemo } from '../support/use-demo.ts';

const key = 'sk-test-0123456789';

/** Replaces the real API. It accepts only requests with the key. */
const api = createEmulator({
  apiKey: key,
  script: [{ calls: [{ name: 'calculate', arguments: { expression: '6 * 7' } }] }, { text: 'It is **42**.' }],
});
let served: EmulatorServer;

const visit = useDemo(async () => {
  served = await serveEmulator(api);
  return await startBuiltDemo({
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: served.url,
    LONGHAUL_MODELS: 'gpt-6-astra, gpt-6-mini',
  });
});

afterAll(() => served.close());

test('with a key, the page uses the real API and a model of the list', async () => {
  const { page, complaints } = await visit();
  expect(await page.getByText('simulated model').count()).toBe(0);
  await page.getByLabel('Model').selectOption('gpt-6-mini');
  await startTask(page, 'Is Seattle really rainier');
  await waitForStatus(page, 'Done');
  // The Markdown renderer may still be loading.
  await answer(page).filter({ hasText: 'It is 42.' }).waitFor();
  expect(await callCards(page, 'Done').count()).toBe(1);
  const models = api.requests.filter(({ method }) => method === 'POST').map(({ body }) => body?.['model']);
  expect(models).toEqual(['gpt-6-mini', 'gpt-6-mini']);
  expect(complaints.join('\n')).toBe('');
});

test('with a key, there are no faults to inject, and the page never receives the key', async () => {
  const { page, url } = await visit();
  await page.goto('about:blank');
  const texts: string[] = [];
  // Read the bodies in a route, because Chromium does not keep a body that the page has not read completely.
  await page.route(/\/(?:v1|api)\//, async (route) => {
    const response = await route.fetch();
    texts.push(await response.text());
    await route.fulfill({ response });
  });
  await page.goto(url);
  // The route would deliver a stream in one piece, so poll instead.
  await page.getByRole('radio', { name: 'Poll' }).check();
  await startTask(page, 'Is Seattle really rainier');
  await waitForStatus(page, 'Done');
  expect(await page.getByRole('tab', { name: 'Faults' }).count()).toBe(0);
  expect(await page.getByRole('group', { name: 'Try to stop it' }).count()).toBe(0);
  expect(texts.length).toBeGreaterThan(2);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  expect(texts.join('\n')).toContain('It is **42**.');
  expect(texts.join('\n')).not.toContain(key);
  expect((await fetch(`${url}/emulator/faults`)).status).toBe(404);
});

test('a model that is not on the list is rejected', async () => {
  const { url } = await visit();
  const refused = await fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-6-colossus', input: 'Hello', background: true }),
  });
  expect(refused.status).toBe(400);
});
