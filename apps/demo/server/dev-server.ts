import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { createServer } from 'vite';
import { openDemo, type Demo } from './open-demo.ts';
import { demoServer } from './vite-demo-server.ts';

// The development server: Vite for the page, and the demo's own server on the same port. `dev.ts` starts it.

/** Kills this process, without a chance to clean up. */
function kill(): void {
  // Wait until the response is sent.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 150);
}

/** The port of a killed process that this one replaces, because its page is still open. */
const lastPort = Number(process.env['LONGHAUL_DEMO_PORT']) || undefined;

/** Whether the machine has a display. Without a display, no browser is opened. */
const hasDisplay =
  process.env['CI'] === undefined &&
  (process.platform === 'darwin' ||
    process.platform === 'win32' ||
    Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']));

/** Whether the page reloads when files change. Tests turn this off. */
const watches = process.env['LONGHAUL_DEMO_WATCH'] !== 'off';

// The demo's stored data depends on the port, which is known after the server listens. Earlier requests wait.
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
  await demo.close();
  await server.close();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
// The supervisor has exited, so this process must exit too.
process.once('disconnect', () => void stop());
