import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { startExamples } from './start-examples.ts';

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
    const { emulator, run } = await startExamples([
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
    const { emulator, run } = await startExamples([{ text: 'Patience is …' }]);
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
