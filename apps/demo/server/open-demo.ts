import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import { createDemoApp } from './demo-app.ts';
import { openEmulatorWorld } from './emulator-world.ts';
import { keptSecret } from './kept-secret.ts';
import { readSettings } from './settings.ts';

export interface Demo {
  readonly app: Hono;
  readonly isSimulated: boolean;
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Saves the emulator's state, if there is an emulator. */
  close(): void;
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
  if (openai !== undefined) {
    const app = createDemoApp({ models, hosts, proxySecret: secret, upstream: openai, kill });
    return { app, isSimulated: false, hosts, close: () => undefined };
  }
  const world = openEmulatorWorld(join(folder, 'world.json'), pace);
  const app = createDemoApp({ models, hosts, proxySecret: secret, upstream: world, kill });
  return { app, isSimulated: true, hosts, close: world.save };
}
