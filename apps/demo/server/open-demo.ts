import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import { apiOf, createDemoApp } from './demo-app.ts';
import { openEmulatorWorld } from './emulator-world.ts';
import { keptSecret } from './kept-secret.ts';
import { openServerLoop } from './loop/server-loop.ts';
import { readSettings } from './settings.ts';

export interface Demo {
  readonly app: Hono;
  readonly isSimulated: boolean;
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Stops driving the runs of the server, and saves the emulator's state, if there is an emulator. */
  close(): Promise<void>;
}

/**
 * Opens the demo's server with the settings of the environment. It stores its data in the project's cache folder.
 *
 * @param port Each port has its own data: a browser stores runs by origin, and two servers must not write one file
 */
export function openDemo(
  env: Readonly<Record<string, string | undefined>>,
  port: number,
  kill?: () => void,
): Demo {
  const { openai, models, hosts, proxySecret, pace } = readSettings(env);
  const base =
    env['LONGHAUL_DEMO_DATA'] ??
    fileURLToPath(new URL('../node_modules/.cache/longhaul-demo', import.meta.url));
  const folder = join(base, String(port));
  const secret = proxySecret ?? keptSecret(join(folder, 'proxy-secret'));
  const upstream = openai ?? openEmulatorWorld(join(folder, 'world.json'), pace);
  const loop = openServerLoop({ folder, model: models[0] ?? 'gpt-6-astra', api: apiOf(upstream) });
  return {
    app: createDemoApp({ models, hosts, proxySecret: secret, upstream, loop, kill }),
    isSimulated: openai === undefined,
    hosts,
    close: async () => {
      await loop.close();
      if ('emulator' in upstream) upstream.save();
    },
  };
}
