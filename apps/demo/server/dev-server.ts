import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { createServer } from 'vite';
import { openDemo, type Demo } from './open-demo.ts';
import { demoServer } from './vite-demo-server.ts';

/** The development server: Vite for the page, and the demo's own server on the same port. Run by `dev.ts`. */
function kill(): void {
  // After the answer is out: SIGKILL leaves no time for anything, which is the point.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 150);
}

/** Set where this process takes the place of one that died: its page is still open. */
const lastPort = Number(process.env['LONGHAUL_DEMO_PORT']) || undefined;

/** A browser is opened only where somebody could see it. */
const hasDisplay =
  process.env['CI'] === undefined &&
  (process.platform === 'darwin' ||
    process.platform === 'win32' ||
    Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']));

/** Tests leave the page alone while files change beneath it. */
const watches = process.env['LONGHAUL_DEMO_WATCH'] !== 'off';

// What it keeps goes by the port, which is known once it listens; nothing can ask before.
const opened = Promise.withResolvers<Demo>();
const server = await createServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  clearScreen: false,
  plugins: [demoServer(async (request) => (await opened.promise).app.fetch(request))],
  server: {
    host: '127.0.0.1',
    port: lastPort ?? 5173,
    strictPort: lastPort !== undefined,
    open: hasDisplay && lastPort === undefined,
    ...(watches ? {} : { watch: null }),
  },
});
await server.listen();
const address = server.httpServer?.address();
if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
const demo = openDemo(process.env, address.port, process.send === undefined ? undefined : kill);
opened.resolve(demo);
server.printUrls();
process.send?.({ port: address.port });

async function stop(): Promise<never> {
  demo.close();
  await server.close();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
// The supervisor is gone, however it went: nothing may be left behind.
process.once('disconnect', () => void stop());
