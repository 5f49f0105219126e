import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const demoFolder = fileURLToPath(new URL('../../apps/demo', import.meta.url));
const vite = fileURLToPath(new URL('../../apps/demo/node_modules/vite/bin/vite.js', import.meta.url));

/**
 * Builds the demo's page once before all end-to-end tests, unless `LONGHAUL_DEMO_BUILT` is set because it is already
 * built.
 */
export async function setup(): Promise<void> {
  if (process.env['LONGHAUL_DEMO_BUILT'] === '1') return;
  await promisify(execFile)(process.execPath, [vite, 'build', demoFolder], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
