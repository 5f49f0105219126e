import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator, type Script } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';

/** Starts an emulator on loopback, and runs programs against it in a temporary folder. */
async function startEmulator(script: Script): Promise<{
  readonly emulator: Emulator;
  readonly run: (example: string) => ChildProcess;
}> {
  const emulator = createEmulator({ script });
  const server = await serveEmulator(emulator);
  const cwd = mkdtempSync(join(tmpdir(), 'longhaul-readme-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  const env = { ...process.env, OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'test' };
  const run = (example: string): ChildProcess => {
    const file = fileURLToPath(new URL(`examples/${example}`, import.meta.url));
    const child = spawn(process.execPath, ['--conditions=@longhaul/source', file], { cwd, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  return { emulator, run };
}

async function outputOf(child: ChildProcess): Promise<{ readonly code: unknown; readonly output: string }> {
  let output = '';
  const take = (chunk: unknown): void => {
    output += String(chunk);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('the quick start for Node', () => {
  test('prints the events, then the answer, and sends only background creates', async () => {
    const { emulator, run } = await startEmulator([
      { calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] },
      { text: 'No: it is clear in Paris.' },
    ]);
    const { code, output } = await outputOf(run('weather.ts'));

    const lines = output.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('No: it is clear in Paris.');
    expect(lines).toEqual(
      expect.arrayContaining(['iteration.started', 'tool.started', 'tool.settled', 'run.ended']),
    );
    expect(code).toBe(0);
    const creates = emulator.requests.filter(({ method }) => method === 'POST');
    expect(creates.map(({ body }) => body)).toMatchObject([
      { background: true, input: [{ role: 'user' }] },
      {
        background: true,
        input: [{ type: 'function_call_output', output: '{"city":"Paris","tempC":21,"sky":"clear"}' }],
      },
    ]);
    expect(emulator.generations).toBe(2);
  });
});

describe('the example for a deploy', () => {
  test('continues with the pending response after it was stopped and started again', async () => {
    const { emulator, run } = await startEmulator([{ text: 'Patience is …' }]);
    emulator.holdQueue();
    const first = run('restart.ts');
    const stopped = outputOf(first);
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1), { timeout: untilTestEnds });
    first.kill('SIGTERM');
    expect((await stopped).output).toContain('queued');

    emulator.releaseQueue();
    expect(await outputOf(run('restart.ts'))).toEqual({ code: 0, output: 'completed Patience is …\n' });
    expect(emulator.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(emulator.generations).toBe(1);
  });
});
