import { expect, test } from 'vitest';
import { relay } from './relay.ts';

const chunk = (text: string): Uint8Array => new TextEncoder().encode(text);

function source(
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  cancel?: () => void,
) {
  return new ReadableStream<Uint8Array>(
    { pull, ...(cancel === undefined ? {} : { cancel }) },
    { highWaterMark: 0 },
  );
}

test('gives out the head, then the rest, and ends', async () => {
  const rest = new Response('rest').body ?? source(() => undefined);
  expect(await new Response(relay([chunk('he'), chunk('ad ')], rest.getReader())).text()).toBe('head rest');
});

test('nothing is read before it is asked for', async () => {
  let pulled = 0;
  const endless = source((controller) => {
    pulled += 1;
    controller.enqueue(chunk('x'));
  });
  const reader = relay([], endless.getReader()).getReader();
  await Promise.resolve();
  expect(pulled).toBe(0);
  await reader.read();
  await reader.read();
  expect(pulled).toBe(2);
});

test('whoever gives it up gives up the source', async () => {
  const ends: string[] = [];
  const endless = source(
    (controller) => controller.enqueue(chunk('x')),
    () => void ends.push('cancelled'),
  );
  const onEnd = async (): Promise<void> => void ends.push('ended');
  await relay([], endless.getReader(), { onEnd }).cancel();
  expect(ends).toEqual(['cancelled', 'ended']);
});

test('a source that breaks breaks it, without telling why', async () => {
  let ends = 0;
  const broken = source((controller) => controller.error(new Error('connect ECONNRESET 10.0.0.7:8443')));
  const onEnd = async (): Promise<void> => void (ends += 1);
  await expect(new Response(relay([], broken.getReader(), { onEnd })).text()).rejects.not.toThrow('10.0.0.7');
  expect(ends).toBe(1);
});
