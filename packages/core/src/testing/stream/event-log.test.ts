import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEmulator, manualClock, type CancelStream } from '../index.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 400 }) }),
  fc.record({
    kind: fc.constantFrom('cancel' as const, 'hold' as const, 'release' as const, 'restore' as const),
  }),
);
const modes: readonly CancelStream[] = ['failed-event', 'cancelled-event', 'eof', 'runs-on'];

test('a cancel, a held queue or a restore never changes an emitted event, and numbers have no gaps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.constantFrom(...modes),
      async (steps, cancelStream) => {
        const clock = manualClock(1_770_000_000_000);
        const script = [
          { reasoning: 'Hm.', calls: [{ name: 'f', arguments: { a: 1 } }], queuedMs: 300, runMs: 700 },
        ];
        const emulator = createEmulator({ script, clock, cancelStream });
        const body = JSON.stringify({ model: 'm', input: 'Hi', background: true, stream: true });
        await (await emulator.fetch('/v1/responses', { method: 'POST', body })).body?.cancel();
        const { id = '' } = emulator.snapshot().responses[0] ?? {};
        let seen: readonly string[] = [];
        for (const { kind, ...rest } of steps) {
          if (kind === 'cancel') await emulator.fetch(`/v1/responses/${id}/cancel`, { method: 'POST' });
          else if (kind === 'hold') emulator.holdQueue();
          else if (kind === 'release') emulator.releaseQueue();
          else if (kind === 'restore') emulator.restore(emulator.snapshot());
          else await clock.advance('ms' in rest ? rest.ms : 0);
          const events = await eventsSoFar(emulator.fetch, id, () => clock.advance(0));
          expect(events.slice(0, seen.length)).toEqual(seen);
          expect(events.map((event) => /"sequence_number":(\d+)\}/.exec(event)?.[1])).toEqual(
            events.map((_event, index) => String(index)),
          );
          seen = events;
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** The events on a connection that opens now and closes when no more events are available. */
async function eventsSoFar(
  fetch: (url: string) => Promise<Response>,
  id: string,
  settle: () => Promise<void>,
): Promise<readonly string[]> {
  const reader = (await fetch(`/v1/responses/${id}?stream=true`)).body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const reading = (async () => {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      text += decoder.decode(part.value, { stream: true });
    }
  })();
  await settle();
  await reader?.cancel();
  await reading;
  return text.split('\n\n').filter((frame) => frame !== '');
}
