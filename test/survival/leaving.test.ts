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
/**
 * The time within which the process must exit, in milliseconds. A longer or repeated timer that was not removed keeps
 * the process alive after this time. A single shorter timer is not found.
 */
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
  'a process exits after its runs end or are detached, or its runner is closed (%s)',
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
      // A process that does not exit is killed, and the test fails.
      setTimeout(() => child.kill(), promptlyMs).unref();
    });
    const [code, signal]: unknown[] = await once(child, 'close');
    // The first six runs poll, and the others stream.
    expect(left).toEqual([...statuses, ...statuses]);
    expect({ code, signal }, `${performance.now() - leftAt} ms after the work was done`).toEqual({
      code: 0,
      signal: null,
    });
  },
);
