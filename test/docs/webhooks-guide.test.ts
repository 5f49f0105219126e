import { expect, test } from 'vitest';
import { startExamples } from './start-examples.ts';

test('webhooks: a report is finished by the webhook of its response, without a poll', async () => {
  const secret = `whsec_${btoa('the secret of this test')}`;
  let site = '';
  const webhooks = {
    url: '/webhooks/openai',
    secret,
    fetch: (url: string, init: RequestInit) => fetch(`${site}${url}`, init),
  };
  const { emulator, serve } = await startExamples(() => ({ text: 'A report.', queuedMs: 0, runMs: 500 }), {
    webhooks,
  });
  site = (await serve('webhooks.ts', { OPENAI_WEBHOOK_SECRET: secret })).url;
  const id = await (await fetch(`${site}/reports`, { method: 'POST', body: 'Write a report.' })).text();
  const text = async (): Promise<unknown> => (await fetch(`${site}/reports/${id}`)).json();
  await expect.poll(text).toBe('A report.');
  expect(emulator.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
});

test('webhooks: the server does not start without a secret', async () => {
  const { run } = await startExamples([]);
  const child = run('webhooks.ts', { OPENAI_WEBHOOK_SECRET: '' });
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  await expect.poll(() => child.exitCode).toBe(1);
  expect(errors).toContain('`secret` has to be the signing secret of the webhook');
});
