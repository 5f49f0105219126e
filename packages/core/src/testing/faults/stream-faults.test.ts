import { expect } from 'vitest';
import { faultWorld as world, type GatewayFault } from '../../../test-support/fault-world.ts';
import { testFaults } from '../../../test-support/test-faults.ts';
import type { StreamFault } from './stream-fault.ts';

/** One check for each of these faults; the compiler requires all of them. */
const cases: { readonly [Name in Exclude<StreamFault['fault'], GatewayFault>]: () => Promise<void> } = {
  'drop-after-event': async () => {
    const { types, error } = await world([{ fault: 'drop-after-event', n: 4 }]).events();
    expect(types).toHaveLength(5);
    expect(error).toMatchObject({ name: 'TypeError', message: 'terminated' });
  },
  'eof-without-terminal': async () => {
    const { types, error } = await world([{ fault: 'eof-without-terminal', n: 3 }]).events();
    expect([types.length, error]).toEqual([4, undefined]);
  },
  stall: async () => {
    const { events, clock, emulator } = world([{ fault: 'stall', n: 3 }]);
    const { types } = await events();
    expect([types.length, clock.pending]).toEqual([4, 0]);
    emulator.dropConnections();
  },
  gap: async () => {
    const { text } = await world([{ fault: 'gap', n: 1, size: 2 }]).events();
    expect([...text.matchAll(/"sequence_number":(\d+)/g)].slice(0, 2).map((match) => match[1])).toEqual([
      '0',
      '3',
    ]);
  },
  'duplicate-events-on-resume': async () => {
    const { events, raw } = world([{ fault: 'duplicate-events-on-resume' }]);
    const { id } = await events();
    const resumed = await (await raw(`/${id}?stream=true&starting_after=5`)).text();
    expect(/"sequence_number":(\d+)/.exec(resumed)?.[1]).toBe('3');
  },
  'stream-expired': async () => {
    const { events, raw, json } = world([{ fault: 'stream-expired' }]);
    const { id } = await events();
    expect(await json(raw(`/${id}?stream=true`))).toMatchObject({
      error: { message: 'This response can no longer be streamed because it is more than 5 minutes old.' },
    });
  },
  'split-chunks': async () => {
    const { create, clock } = world([{ fault: 'split-chunks', bytes: 5 }]);
    const response = await create({ stream: true });
    const sizes = new Set<number>();
    const reading = (async () => {
      for await (const chunk of response.body ?? []) sizes.add(chunk.length);
    })();
    await clock.advance(1000);
    await reading;
    expect(Math.max(...sizes)).toBe(5);
  },
  'missing-last-blank-line': async () => {
    const { text } = await world([{ fault: 'missing-last-blank-line' }]).events();
    expect(text).toMatch(/[^\n]\n$/);
  },
  'keepalive-comments': async () => {
    const { text, types } = await world([{ fault: 'keepalive-comments' }]).events();
    expect(text.match(/^: keep-alive$/gm)).toHaveLength(types.length);
  },
  'done-sentinel': async () => {
    expect((await world([{ fault: 'done-sentinel' }]).events()).text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
  },
  crlf: async () => {
    expect((await world([{ fault: 'crlf' }]).events()).text).not.toMatch(/[^\r]\n/);
  },
  'unsequenced-events': async () => {
    const { text, types } = await world([{ fault: 'unsequenced-events' }]).events();
    expect(types.at(-1)).toBe('response.completed');
    expect(text).not.toContain('sequence_number');
  },
  'rotating-item-ids': async () => {
    const { text } = await world([{ fault: 'rotating-item-ids' }]).events();
    const ids = [...text.matchAll(/"item_id":"(\w+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  },
};

testFaults(cases);
