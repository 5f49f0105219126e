import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { slowness } from '../support/machine.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = fileURLToPath(new URL('./leaving.ts', import.meta.url));
/** Less than any timer that could be left behind: those that ring sooner ring again and again. */
const promptlyMs = 4_000 * slowness;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-leaving-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = expect.stringMatching(/queued|in_progress/);
const statuses = ['completed', 'cancelled', 'cancelled', open, 'requires_action', open];

test.each(['memory', 'sqlite'])(
  'a process whose runs are over, were detached, or whose runner was closed ends by itself (%s)',
  async (store) => {
    const where = store === 'memory' ? store : join(folder, 'runs.db');
    const conditions = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...conditions, script, where], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let left: unknown;
    let leftAt = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      left = JSON.parse(line.slice('left '.length));
      leftAt = performance.now();
      // One that stays is ended here, and has failed.
      setTimeout(() => child.kill(), promptlyMs).unref();
    });
    const [code, signal]: unknown[] = await once(child, 'close');
    // By polls, then by streams.
    expect(left).toEqual([...statuses, ...statuses]);
    expect({ code, signal }, `${performance.now() - leftAt} ms after it had nothing to do`).toEqual({
      code: 0,
      signal: null,
    });
  },
);
