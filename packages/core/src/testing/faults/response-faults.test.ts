import { expect } from 'vitest';
import { faultWorld as world, output, type GatewayFault } from '../../../test-support/fault-world.ts';
import { testFaults } from '../../../test-support/test-faults.ts';
import type { CreateFault } from './create-fault.ts';
import type { ResponseFault } from './response-fault.ts';

/** One check for each of these faults; the compiler requires all of them. */
const cases: {
  readonly [Name in Exclude<(CreateFault | ResponseFault)['fault'], GatewayFault>]: () => Promise<void>;
} = {
  '202-create': async () => {
    const { create } = world([{ fault: '202-create' }]);
    expect([(await create()).status, (await create()).status]).toEqual([202, 202]);
  },
  'ignore-background': async () => {
    const { create, clock } = world([{ fault: 'ignore-background' }]);
    const answer = create();
    await clock.advance(1000);
    expect(await (await answer).json()).toMatchObject({ status: 'completed', background: false });
  },
  'in-progress-foreground': async () => {
    const { created, get, clock, json, create } = world([{ fault: 'in-progress-foreground', times: 2 }]);
    expect(await json(create({ background: false }))).toMatchObject({
      status: 'in_progress',
      background: false,
    });
    const id = await created({ background: false });
    expect(await get(id)).toMatchObject({ status: 'in_progress' });
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({ status: 'completed' });
  },
  'store-false-echo': async () => {
    const { json, create, clock, get, created } = world([{ fault: 'store-false-echo' }]);
    expect(await json(create({ store: true }))).toMatchObject({ store: false });
    const id = await created();
    await clock.advance(600_999);
    expect(await get(id)).toMatchObject({ status: 'completed' });
    expect((await create({ previous_response_id: id, input: [output] })).status).toBe(400);
    await clock.advance(1);
    expect(await get(id)).toMatchObject({ error: { message: `Response with id '${id}' not found.` } });
  },
  'no-reasoning-include': async () => {
    const { create } = world([{ fault: 'no-reasoning-include' }]);
    const refused = await create({ include: ['reasoning.encrypted_content'] });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param: 'include' } }]);
    expect((await create()).status).toBe(200);
  },
  'azure-loses-calls': async () => {
    const { created, create, get, clock } = world([{ fault: 'azure-loses-calls' }]);
    const id = await created();
    await clock.advance(1000);
    const { output: items } = await get(id);
    expect(await (await create({ previous_response_id: id, input: [output] })).json()).toMatchObject({
      error: { message: 'No tool call found for function call output with call_id call_x.', param: 'input' },
    });
    const replayed = [{ role: 'user', content: 'Weather?' }, ...(Array.isArray(items) ? items : []), output];
    expect((await create({ input: replayed })).status).toBe(200);
  },
  'previous-response-not-found-for': async () => {
    const { created, create, clock } = world([{ fault: 'previous-response-not-found-for', ms: 500 }]);
    const id = await created();
    await clock.advance(1499);
    const next = { previous_response_id: id, input: [output] };
    expect(await (await create(next)).json()).toMatchObject({
      error: { code: 'previous_response_not_found' },
    });
    await clock.advance(1);
    expect((await create(next)).status).toBe(200);
  },
  'stuck-queued': async () => {
    const { created, get, clock } = world([{ fault: 'stuck-queued' }]);
    const [stuck, fine] = [await created(), await created()];
    await clock.advance(86_400_000);
    expect([(await get(stuck))['status'], (await get(fine))['status']]).toEqual(['queued', 'completed']);
  },
  'stuck-in-progress': async () => {
    const { created, get, clock } = world([{ fault: 'stuck-in-progress' }]);
    const id = await created();
    await clock.advance(86_400_000);
    expect(await get(id)).toMatchObject({ status: 'in_progress', output: [] });
  },
  fail: async () => {
    const { created, get, clock, events, emulator } = world([
      { fault: 'fail', code: 'insufficient_quota', iteration: 0, times: 2 },
    ]);
    const id = await created();
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'insufficient_quota' },
      usage: null,
    });
    expect((await events()).types.slice(-2)).toEqual(['error', 'response.failed']);
    expect(emulator.generations).toBe(0);
    const again = await created();
    await clock.advance(1000);
    expect(await get(again)).toMatchObject({ status: 'completed' });
  },
  'error-event-flat': async () => {
    const { text, types } = await world([
      { fault: 'error-event-flat', code: 'rate_limit_exceeded' },
    ]).events();
    expect(types.at(-1)).toBe('response.failed');
    expect(text).toContain('data: {"type":"error","code":"rate_limit_exceeded","message":');
  },
  'error-event-nested': async () => {
    const { events, get } = world([{ fault: 'error-event-nested', ending: 'eof' }]);
    const { text, types, error, id } = await events();
    expect([types.at(-1), error]).toEqual(['error', undefined]);
    expect(text).toContain('{"type":"error","error":{"type":"server_error","code":"server_error"');
    expect(await get(id)).toMatchObject({ status: 'failed' });
  },
  'empty-output': async () => {
    const { created, get, clock } = world([{ fault: 'empty-output' }]);
    const id = await created();
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({ status: 'completed', output: [] });
  },
  'unknown-status': async () => {
    const { created, get, clock } = world([{ fault: 'unknown-status' }]);
    const id = await created();
    await clock.advance(100);
    expect(await get(id)).toMatchObject({ status: 'moderating' });
    await clock.advance(900);
    expect(await get(id)).toMatchObject({ status: 'completed' });
  },
  'unknown-item': async () => {
    const { created, get, clock, create } = world([{ fault: 'unknown-item' }]);
    const id = await created();
    await clock.advance(1000);
    const { output: items } = await get(id);
    expect(items).toMatchObject([{ type: 'hologram_call' }, { type: 'function_call' }]);
    const replayed = [{ role: 'user', content: 'Weather?' }, ...(Array.isArray(items) ? items : []), output];
    expect((await create({ input: replayed })).status, 'the server accepts its own items as input').toBe(200);
    expect((await create({ input: [{ type: 'hologram_call', id: 'mine' }] })).status).toBe(400);
  },
  'unknown-event': async () => {
    const { types, text } = await world([{ fault: 'unknown-event' }]).events();
    expect(types.filter((type) => type === 'keepalive')).toHaveLength(2);
    expect(text).toContain('data: {"type":"keepalive","sequence_number":3}');
  },
  'done-event': async () => {
    const { types } = await world([{ fault: 'done-event' }]).events();
    expect(types.at(-1)).toBe('response.done');
  },
  'disconnect-leaves-queued': async () => {
    const { create, get, clock } = world([{ fault: 'disconnect-leaves-queued' }]);
    const reader = (await create({ stream: true })).body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    await clock.advance(3_600_000);
    expect(await get(/resp_\w+/.exec(first)?.[0] ?? '')).toMatchObject({ status: 'queued' });
  },
  'get-404-for': async () => {
    const { created, get, clock } = world([{ fault: 'get-404-for', ms: 400 }]);
    const id = await created();
    await clock.advance(399);
    expect(await get(id)).toMatchObject({ error: { param: null } });
    await clock.advance(1);
    expect(await get(id)).toMatchObject({ status: 'in_progress' });
  },
};

testFaults(cases);
