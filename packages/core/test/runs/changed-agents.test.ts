import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool, type ToolOptions } from '../../src/agent/tool.ts';
import { SnapshotError } from '../../src/errors/snapshot-error.ts';
import type { Run } from '../../src/run/run.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

const city = z.object({ city: z.string() });
const never = (): Promise<never> => new Promise(() => undefined);

type Book = Partial<ToolOptions<'book', z.ZodObject, unknown, unknown>>;

/** An agent with the tool `book`, or without tools if `book` is `undefined`. */
function agentWith(book: Book | undefined, name = 'travel') {
  const tools = book === undefined ? [] : [tool({ name: 'book', parameters: city, ...book })];
  return defineAgent({ name, model: 'm', tools });
}

/**
 * Starts a run in one process, and resumes its snapshot in another during a call, with a changed agent. The processes
 * share the API and the clock, but no store.
 */
async function changed(before: Book, after: Book | undefined, calls = ['call_1']) {
  const s = scenario({
    script: [
      { calls: calls.map((callId) => ({ name: 'book', arguments: { city: 'Rome' }, callId })) },
      { text: 'Done.' },
    ],
  });
  const first = s.reboot({ tools: { concurrency: 1 } }).start(agentWith(before), 'Rome, please.');
  await s.clock.advance(30_000);
  const snapshot = JSON.parse(JSON.stringify(first.snapshot()));
  const found = first.view.toolCalls.map(({ status }) => status);
  const run: Run = await s
    .reboot({ store: memoryStore({ clock: s.clock }) })
    .resume(agentWith(after), snapshot);
  await s.clock.advance(30_000);
  /** The input of the last create: the outputs of the calls. */
  const lastInput = (): unknown => s.creates().at(-1)?.['input'];
  const statuses = (): readonly string[] => run.view.toolCalls.map(({ status }) => status);
  const warnings = (): readonly string[] => run.view.warnings.map(({ code }) => code);
  return { ...s, run, found, lastInput, statuses, warnings };
}

test('resuming a run with an agent of another name fails, from the store and from a snapshot', async () => {
  const s = scenario();
  const run = s.start();
  await s.clock.advance(1_000);
  const snapshot = run.snapshot();
  await s.settle(run.detach());
  const other = agentWith({}, 'other');
  const named = { code: 'configuration', message: expect.stringMatching(/"weather".*"other"/) };
  await expect(s.runner.resume(other, run.id)).rejects.toMatchObject(named);
  await expect(s.reboot().resume(other, run.id)).rejects.toMatchObject(named);
  const elsewhere = s.reboot({ store: memoryStore({ clock: s.clock }) });
  await expect(elsewhere.resume(other, snapshot)).rejects.toMatchObject(named);
  expect(elsewhere.runs).toEqual([]);
});

describe.each<[string, Book | undefined]>([
  ['was removed', undefined],
  ['requires one more argument', { parameters: z.object({ city: z.string(), day: z.string() }) }],
  ['accepts fewer values', { parameters: z.object({ city: z.enum(['Paris']) }) }],
  ['has a needsApproval that throws', { needsApproval: () => Promise.reject(new Error('no rules')) }],
])('a recorded call whose tool %s', (_how, after) => {
  test.each<[string, Book]>([
    ['awaiting_approval', { needsApproval: true, execute: () => 'booked' }],
    ['awaiting_output', {}],
    ['running', { execute: never }],
    ['running', { execute: never, idempotent: true }],
  ])('fails with a warning if it was %s, and the run continues', async (was, before) => {
    const { run, found, statuses, warnings, settle, lastInput } = await changed(
      before,
      after && { execute: never, ...after },
    );
    expect(found).toEqual([was]);
    expect((await settle(run.result())).text).toBe('Done.');
    expect(statuses()).toEqual(['failed']);
    expect(warnings()).toEqual(['agent_changed']);
    expect(lastInput()).toMatchObject([{ call_id: 'call_1', output: expect.stringMatching(/^Error: /) }]);
  });
});

test('the output of an interrupted call states that its effect is not known, even if its tool was removed', async () => {
  const { lastInput } = await changed({ execute: never }, undefined);
  expect(JSON.stringify(lastInput())).toMatch(/not known/);
});

test('the run sends a recorded output unchanged, even if its tool was removed', async () => {
  let left = 1;
  const before = { execute: () => (left-- > 0 ? 'booked' : never()) };
  const { found, statuses, warnings, lastInput } = await changed(before, undefined, ['call_1', 'call_2']);
  expect(found).toEqual(['completed', 'running']);
  expect(statuses()).toEqual(['completed', 'failed']);
  expect(warnings()).toEqual(['agent_changed']);
  expect(lastInput()).toMatchObject([{ call_id: 'call_1', output: 'booked' }, { call_id: 'call_2' }]);
});

test('a call keeps waiting if the new schema accepts its arguments', async () => {
  const ran: unknown[] = [];
  const parameters = z.object({ city: z.string().nullable() });
  const after = { parameters, needsApproval: true, execute: (args: unknown) => void ran.push(args) };
  const { run, statuses, warnings, settle } = await changed({ needsApproval: true, execute: never }, after);
  expect(statuses()).toEqual(['awaiting_approval']);
  await settle(run.approve('call_1'));
  expect((await settle(run.result())).text).toBe('Done.');
  expect([ran, warnings()]).toEqual([[{ city: 'Rome' }], []]);
});

test('the tool receives the recorded arguments as parsed by the new schema', async () => {
  const ran: unknown[] = [];
  const parameters = z.object({ city: z.string().transform((name) => name.toUpperCase()) });
  const after = { parameters, needsApproval: true, execute: (args: unknown) => void ran.push(args) };
  const { run, settle } = await changed({ needsApproval: true, execute: never }, after);
  await settle(run.approve('call_1'));
  await settle(run.result());
  expect(ran).toEqual([{ city: 'ROME' }]);
  expect(run.view.toolCalls).toMatchObject([{ arguments: { city: 'Rome' } }]);
});

describe('the stricter of the old and the new needsApproval applies', () => {
  const ran: string[] = [];
  const execute = (_args: unknown, { callId }: { readonly callId: string }) => void ran.push(callId);

  test('a call that waits for approval keeps waiting if the new agent requires none', async () => {
    ran.length = 0;
    const { run, statuses, settle } = await changed({ needsApproval: true, execute: never }, { execute });
    expect([statuses(), ran]).toEqual([['awaiting_approval'], []]);
    await settle(run.deny('call_1', 'Not Rome.'));
    await settle(run.result());
    expect([statuses(), ran]).toEqual([['denied'], []]);
  });

  test('a pending call needs approval if only the new agent requires it', async () => {
    ran.length = 0;
    const after = { needsApproval: true, execute };
    const { run, found, statuses, settle } = await changed({ execute: never }, after, ['call_1', 'call_2']);
    expect(found).toEqual(['running', 'pending']);
    expect([statuses(), ran]).toEqual([['interrupted', 'awaiting_approval'], []]);
    await settle(run.approve('call_2'));
    await settle(run.result());
    expect(ran).toEqual(['call_2']);
  });

  test('an idempotent call needs the new approval before it runs again', async () => {
    ran.length = 0;
    const before = { execute: never, idempotent: true };
    const { run, statuses, settle } = await changed(before, {
      needsApproval: true,
      idempotent: true,
      execute,
    });
    expect([statuses(), ran]).toEqual([['awaiting_approval'], []]);
    await settle(run.approve('call_1'));
    await settle(run.result());
    expect(ran).toEqual(['call_1']);
  });

  test.each([
    ['only in the old agent', { execute: never, idempotent: true }, { execute }],
    ['only in the new agent', { execute: never }, { execute, idempotent: true }],
  ])('an interrupted call does not run again if its tool is idempotent %s', async (_when, before, after) => {
    ran.length = 0;
    const { statuses } = await changed(before, after);
    expect([statuses(), ran]).toEqual([['interrupted'], []]);
  });
});

describe('the output of a call', () => {
  test('comes from the current tool if a person approved the call', async () => {
    const ran: unknown[] = [];
    const after = { needsApproval: true, execute: (args: unknown) => void ran.push(args) };
    // The old tool has no `execute`, so after the approval its output would come from outside.
    const { run, settle } = await changed({ needsApproval: true }, after);
    await settle(run.approve('call_1'));
    expect((await settle(run.result())).text).toBe('Done.');
    expect(ran).toEqual([{ city: 'Rome' }]);
  });

  test('still comes from outside if the call waits for it, even if the new tool has `execute`', async () => {
    const { run, statuses, settle } = await changed({}, { execute: () => 'by itself' });
    expect(statuses()).toEqual(['awaiting_output']);
    await settle(run.submitToolOutput('call_1', 'by hand'));
    await settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ status: 'completed', output: 'by hand' }]);
  });
});

test('a detached run that is resumed with a corrected agent in the same process uses that agent', async () => {
  const s = scenario({
    script: [{ calls: [{ name: 'book', arguments: { city: 'Rome' } }] }, { text: 'Done.' }],
  });
  const run = s.runner.start(agentWith({ needsApproval: true, execute: never }), 'Rome, please.');
  await s.clock.advance(1_000);
  await s.settle(run.detach());
  expect(await s.settle(s.runner.resume(agentWith({ execute: () => 'booked' }), run.id))).toBe(run);
  expect((await s.settle(run.result())).text).toBe('Done.');
  expect(run.view.toolCalls).toMatchObject([{ status: 'completed', output: 'booked' }]);
});

test('the next iteration uses the model, instructions and tools of the new agent', async () => {
  const s = scenario({ agent: { tools: [tool({ name: 'get_weather', parameters: city })] } });
  const run = s.start();
  await s.clock.advance(30_000);
  const next = defineAgent({
    name: 'weather',
    model: 'gpt-6-nova',
    instructions: 'Be kind.',
    tools: [tool({ name: 'get_weather', description: 'Anew.', parameters: city })],
  });
  const again = await s.settle(s.reboot().resume(next, run.id));
  await s.settle(again.submitToolOutput('call_1', 'Sun.'));
  await s.settle(again.result());
  expect(s.creates().at(-1)).toMatchObject({
    model: 'gpt-6-nova',
    instructions: 'Be kind.',
    tools: [{ name: 'get_weather', description: 'Anew.' }],
    background: true,
  });
});

test('an unreadable run is not reported as a changed agent', async () => {
  const s = scenario();
  await expect(s.runner.resume(s.agent, JSON.parse('{}'))).rejects.toBeInstanceOf(SnapshotError);
});
