import { join } from 'node:path';
import type { Hono } from 'hono';
import { dataFolder, type Environment } from './data-folder.ts';
import { apiOf, createDemoApp } from './demo-app.ts';
import { openEmulatorWorld, type EmulatorWorldOptions } from './emulator-world.ts';
import { keptSecret } from './kept-secret.ts';
import { openServerLoop } from './loop/server-loop.ts';
import { readSettings } from './settings.ts';
import type { DemoDatabase } from './workers/messages.ts';
import type { Workers } from './workers/supervisor-link.ts';
import { openWorkerFront } from './workers/worker-front.ts';

export interface Demo {
  readonly app: Hono;
  readonly isSimulated: boolean;
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Stops driving the runs of the server, and saves the emulator's state, if there is an emulator. */
  close(): Promise<void>;
}

/** The demo of `npm run start:workers`. */
export interface DemoOfWorkers extends Demo {
  /** The port at which the workers reach the emulator. Null with the real API. */
  readonly apiPort: number | null;
}

/**
 * Opens the demo's server with the settings of the environment. It stores its data in the project's cache folder.
 *
 * @param kill Kills the server process. Undefined without a supervisor that restarts it
 */
export function openDemo(env: Environment, port: number, kill?: () => void): Demo {
  const folder = dataFolder(env, port);
  const { openai, models, hosts, proxySecret, upstream } = readUpstream(env, folder);
  const loop = openServerLoop({ folder, model: models[0] ?? 'gpt-6-astra', api: apiOf(upstream) });
  return {
    app: createDemoApp({ models, hosts, proxySecret, upstream, loop, kill }),
    isSimulated: openai === undefined,
    hosts,
    close: async () => {
      await loop.close();
      if ('emulator' in upstream) upstream.save();
    },
  };
}

/** Opens the web process of the demo with workers. Its runs are in PostgreSQL. */
export async function openDemoOfWorkers(options: {
  readonly env: Environment;
  readonly port: number;
  readonly kill: () => void;
  readonly database: DemoDatabase;
  readonly workers: Workers;
  /** The port of the emulator of a process that this one replaces. */
  readonly lastApiPort: number | undefined;
}): Promise<DemoOfWorkers> {
  const { env, port, kill, database, workers, lastApiPort = 0 } = options;
  const folder = dataFolder(env, port);
  const webhookSecret = keptSecret(join(folder, 'webhook-secret'));
  const webhooks = { url: `http://127.0.0.1:${port}/api/webhooks`, secret: webhookSecret };
  const { openai, models, hosts, proxySecret, upstream } = readUpstream(env, folder, webhooks);
  const model = models[0] ?? 'gpt-6-astra';
  const loop = await openWorkerFront({ folder, model, database, workers, webhookSecret });
  const api = 'emulator' in upstream ? await upstream.serve(lastApiPort) : undefined;
  return {
    app: createDemoApp({ models, hosts, proxySecret, upstream, loop, kill }),
    isSimulated: openai === undefined,
    hosts,
    apiPort: api === undefined ? null : Number(new URL(api.url).port),
    close: async () => {
      await loop.close();
      await api?.close();
      if ('emulator' in upstream) upstream.save();
    },
  };
}

function readUpstream(env: Environment, folder: string, webhooks?: EmulatorWorldOptions['webhooks']) {
  const settings = readSettings(env);
  const { openai, pace, proxySecret = keptSecret(join(folder, 'proxy-secret')) } = settings;
  const upstream = openai ?? openEmulatorWorld({ file: join(folder, 'world.json'), pace, webhooks });
  return { ...settings, proxySecret, upstream };
}
