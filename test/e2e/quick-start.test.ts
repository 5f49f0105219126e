import { createEmulator } from '@longhaul/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { complaintsOf, launchBrowser } from '../support/demo-page.ts';
import { servePage } from '../support/serve-page.ts';

test('the quick start for React: a run is approved after a reload, and completes without a repeated create', async () => {
  const emulator = createEmulator({
    script: [
      { calls: [{ name: 'save_note', arguments: { text: 'Buy bread.' } }] },
      { text: 'I noted the bread.' },
    ],
  });
  vi.stubEnv('OPENAI_API_KEY', 'test');
  vi.stubEnv('PROXY_SECRET', 'a secret of more than thirty-two characters');
  // The emulator answers for api.openai.com.
  vi.stubGlobal('fetch', emulator.fetch);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });
  const { proxy } = await import('../docs/examples/proxy.ts');
  await using served = await servePage(new URL('../docs/examples/', import.meta.url), proxy);
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const complaints = complaintsOf(page);

  await page.goto(served.url);
  await page.getByRole('button', { name: 'Ask' }).click();
  const approve = page.getByRole('button', { name: 'Keep “Buy bread.”' });
  await approve.waitFor();
  await page.reload();
  await approve.click();
  await page.getByText('I noted the bread.').waitFor();
  await page.getByText('completed').waitFor();

  expect(await page.evaluate(() => localStorage.getItem('note'))).toBe('Buy bread.');
  const creates = emulator.requests.filter(({ method }) => method === 'POST');
  expect(creates.map(({ body }) => body)).toMatchObject([{ background: true }, { background: true }]);
  expect(emulator.generations).toBe(2);
  expect(complaints.filter((text) => !text.includes('React DevTools'))).toEqual([]);
});
