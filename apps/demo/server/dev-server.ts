import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { createServer, preview, type PreviewServer, type ViteDevServer } from 'vite';
import { openDemo, openDemoOfWorkers, type Demo } from './open-demo.ts';
import { demoServer } from './vite-demo-server.ts';
import { supervisorLink } from './workers/supervisor-link.ts';

// The development server: Vite for the page, and the demo's own server on the same port. `dev.ts` starts it, or
// `dev-workers.ts`, which sets LONGHAUL_DEMO_WORKERS.

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
const common = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  clearScreen: false,
  plugins: [demoServer(async (request) => (await opened.promise).app.fetch(request))],
};
const listening = {
  host: '127.0.0.1',
  port: lastPort ?? (Number(process.env['PORT']) || 5173),
  strictPort: lastPort !== undefined,
  open: hasDisplay && lastPort === undefined,
};
const server = await listen();
const address = server.httpServer?.address();
if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
const demo = await open(address.port);
opened.resolve(demo);
server.printUrls();

/** Tests set LONGHAUL_DEMO_PAGE to `built`: the built page loads in a fraction of the time. */
async function listen(): Promise<ViteDevServer | PreviewServer> {
  if (process.env['LONGHAUL_DEMO_PAGE'] === 'built') return preview({ ...common, preview: listening });
  const vite = await createServer({
    ...common,
    server: { ...listening, ...(watches ? {} : { watch: null }) },
  });
  return vite.listen();
}

async function open(port: number): Promise<Demo> {
  if (process.env['LONGHAUL_DEMO_WORKERS'] !== 'on') {
    process.send?.({ port });
    return openDemo(process.env, port, process.send === undefined ? undefined : kill);
  }
  const { workers, listening: databaseFor, ready } = supervisorLink();
  const demoOfWorkers = await openDemoOfWorkers({
    env: process.env,
    port,
    kill,
    database: await databaseFor(port),
    workers,
    lastApiPort: Number(process.env['LONGHAUL_DEMO_API_PORT']) || undefined,
  });
  ready(demoOfWorkers.apiPort);
  return demoOfWorkers;
}

let isStopping = false;
async function stop(): Promise<void> {
  // In a terminal, Ctrl-C reaches this process and the supervisor, which passes it on.
  if (isStopping) return;
  isStopping = true;
  await demo.close();
  await server.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
// The supervisor has exited, so this process must exit too.
process.once('disconnect', () => void stop());
