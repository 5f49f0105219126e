import { once } from 'node:events';
import { createServer as createVite, type ProxyOptions } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../proxy/listening-server.ts';
import config from './examples/vite.config.ts';

/** The proxy of the README, in front of another port. */
async function startVite(port: number): Promise<string> {
  const documented = config.server?.proxy?.['/api'];
  if (typeof documented !== 'object') throw new Error('The example has no proxy for /api.');
  const api: ProxyOptions = { ...documented, target: `http://127.0.0.1:${port}` };
  const vite = await createVite({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, ws: false, watch: null, proxy: { '/api': api } },
  });
  onTestFinished(() => vite.close());
  await vite.listen();
  return vite.resolvedUrls?.local[0] ?? '';
}

test('the proxy of Vite forwards each event immediately, and closes the stream of a server that died', async () => {
  const died = new EventTarget();
  const server = await listen(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    await once(died, 'died');
    response.destroy();
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const url = await startVite(server.port);

  const { body } = await fetch(`${url}api/longhaul/events?runs=`);
  const events = body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await events?.read())?.value).toBe('data: 1\n\n');
  const next = events?.read();
  died.dispatchEvent(new Event('died'));
  await expect(next).rejects.toThrow();
});
