import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { createEmulator } from '@longhaul/core/testing';
import { createServer, type ViteDevServer } from 'vite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { complaintsOf, launchBrowser } from '../support/demo-page.ts';

/** Serves the page of the quick start, with the proxy of the quick start on the same origin. */
async function serveQuickStart(): Promise<string> {
  const { proxy } = await import('../docs/examples/proxy.ts');
  const listener = getRequestListener(proxy, { overrideGlobalObjects: false });
  const server: ViteDevServer = await createServer({
    root: fileURLToPath(new URL('../docs/examples', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    cacheDir: fileURLToPath(new URL('../../node_modules/.cache/quick-start', import.meta.url)),
    resolve: { conditions: ['@longhaul/source', 'module', 'browser', 'development|production'] },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    plugins: [
      {
        name: 'proxy',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (request.url?.startsWith('/v1/') === true) void listener(request, response);
            else next();
          });
        },
      },
    ],
  });
  await server.listen();
  onTestFinished(() => server.close());
  return server.resolvedUrls?.local[0] ?? '';
}

test('the quick start for React: a run is approved after a reload, and finishes with nothing asked twice', async () => {
  const emulator = createEmulator({
    script: [
      { calls: [{ name: 'save_note', arguments: { text: 'Buy bread.' } }] },
      { text: 'I noted the bread.' },
    ],
  });
  vi.stubEnv('OPENAI_API_KEY', 'test');
  vi.stubEnv('PROXY_SECRET', 'a secret of more than thirty-two characters');
  // What answers for api.openai.com here.
  vi.stubGlobal('fetch', emulator.fetch);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });
  const url = await serveQuickStart();
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const complaints = complaintsOf(page);

  await page.goto(url);
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
