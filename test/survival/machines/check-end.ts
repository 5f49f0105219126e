import { isTerminalRun, type RunView } from '@longhaul/core';
import { isOver } from './queue-rows.ts';
import type { PlanEnd } from './perform-plan.ts';
import type { PlannedRun } from './plan.ts';
import { answerOf, callIdOf, steerTextOf, type Ending } from './trip.ts';

/** Everything that is wrong at the end of a plan. Empty if the plan has ended as one process without faults would. */
export function problemsOf(end: PlanEnd): readonly string[] {
  const { plan, rows, violations } = end;
  const problems = [...new Set(violations)];
  const missing = plan.runs.filter(({ runId }) => !end.views.has(runId));
  problems.push(...missing.map(({ runId }) => `${runId} does not exist`));
  for (const row of rows) {
    if (!isOver(row)) problems.push(`${row.runId} is not over: ${JSON.stringify(row)}`);
    if (row.jobs.length > 0) problems.push(`${row.runId} has jobs left: ${row.jobs.join(', ')}`);
    if (row.wakeAt !== null) problems.push(`${row.runId} is over and has wake_at ${row.wakeAt}`);
  }
  for (const run of plan.runs) {
    const view = end.views.get(run.runId);
    if (view === undefined) continue;
    const of = (text: string): string => `${run.runId}: ${text}`;
    problems.push(...outcomeProblems(run, view).map(of), ...executionProblems(end, run, view).map(of));
    problems.push(...createProblems(end, view).map(of), ...steerProblems(end, run, view).map(of));
    problems.push(...viewProblems(end, view).map(of));
  }
  return problems;
}

const endings: Readonly<Record<string, Ending>> = {
  completed: 'done',
  denied: 'denied',
  interrupted: 'interrupted',
};

/** The calls of a view, with the ends that the model has learned. */
function endingsOf({ toolCalls }: RunView): Map<string, Ending> {
  return new Map(
    toolCalls.map(({ callId, name, status }) => {
      const ending = endings[status] ?? 'interrupted';
      return [callId, name === 'ask_owner' && ending === 'done' ? 'answered' : ending];
    }),
  );
}

function outcomeProblems(run: PlannedRun, view: RunView): string[] {
  const problems: string[] = [];
  if (view.halted !== undefined) problems.push(`is halted: ${JSON.stringify(view.halted)}`);
  const expected = run.cancelAfterMs === undefined ? 'completed' : 'cancelled';
  const unknown = unknownCreates(view);
  // The answers to two creates of the first iteration were lost. The run announces that it may be paid for twice.
  if (view.status === 'failed' && view.error?.code === 'unknown_create' && unknown > 0) return problems;
  if (view.status !== expected)
    problems.push(`is ${view.status} ${JSON.stringify(view.error ?? {})} instead of ${expected}`);
  if (view.status !== 'completed') return problems;
  const calls = endingsOf(view);
  const planned = run.trip.flatMap((iteration, index) =>
    iteration.calls.map(({ name }) => ({ name, callId: callIdOf(index, name) })),
  );
  for (const { name, callId } of planned) {
    const ending = calls.get(callId);
    const allowed: (Ending | undefined)[] = [allowedEnding(name, run)].flat();
    if (name === 'reserve' || name === 'book') allowed.push('interrupted');
    if (!allowed.includes(ending)) problems.push(`${callId} is ${ending} instead of ${allowed.join(' or ')}`);
  }
  if (calls.size !== planned.length) problems.push(`has ${calls.size} calls instead of ${planned.length}`);
  const steered = new Map(
    view.steered.filter(({ sentIn }) => sentIn !== undefined).map(({ steerId }) => [steerId, 1]),
  );
  const answer = answerOf(calls, steered);
  if (view.text !== answer)
    problems.push(`answers ${JSON.stringify(view.text)} instead of ${JSON.stringify(answer)}`);
  return problems;
}

function allowedEnding(name: string, { verdict }: PlannedRun): Ending[] {
  if (name === 'ask_owner') return ['answered'];
  if (name !== 'book' || verdict === 'approve') return ['done'];
  return verdict === 'deny' ? ['denied'] : ['done', 'denied'];
}

/** I6: each call is executed at most once, unless its tool is idempotent, and then always with the same key. */
function executionProblems({ executions }: PlanEnd, run: PlannedRun, view: RunView): string[] {
  const problems: string[] = [];
  const own = executions.filter(({ runId }) => runId === run.runId);
  for (const { callId, name, status } of view.toolCalls) {
    const began = own.filter((one) => one.callId === callId && one.state === 'began');
    const done = own.filter((one) => one.callId === callId && one.state === 'done');
    const keys = new Set(began.map(({ idempotencyKey }) => idempotencyKey));
    if (keys.size > 1) problems.push(`${callId} has ${keys.size} idempotency keys`);
    const machines = began.map(({ machine }) => machine).join(', ');
    if (name !== 'search' && began.length > 1)
      problems.push(`${callId} was executed ${began.length} times, by ${machines}`);
    const isDone = status === 'completed' && name !== 'ask_owner';
    if (isDone && done.length === 0) problems.push(`${callId} is completed, but was not executed`);
    if (status === 'denied' && began.length > 0) problems.push(`${callId} was denied, but executed`);
  }
  const known = new Set(view.toolCalls.map(({ callId }) => callId));
  for (const { callId } of own)
    if (!known.has(callId)) problems.push(`${callId} was executed, but is not saved`);
  return problems;
}

function unknownCreates({ warnings }: RunView): number {
  return warnings.filter(({ code }) => code === 'unknown_create').length;
}

interface Create {
  readonly iteration: number;
  readonly isChained: boolean;
  readonly text: string;
}

function createsOf({ emulator }: PlanEnd, runId: string): readonly Create[] {
  return emulator.requests.flatMap(({ method, path, body }) => {
    if (method !== 'POST' || !path.endsWith('/responses') || body === undefined) return [];
    const { longhaul_run_id: id, longhaul_iteration: iteration } = Object(body['metadata']);
    if (id !== runId) return [];
    const isChained = typeof body['previous_response_id'] === 'string';
    return [{ iteration: Number(iteration), isChained, text: JSON.stringify(body['input']) }];
  });
}

/** A create is only repeated if the run announces that its answer was lost. */
function createProblems(end: PlanEnd, view: RunView): string[] {
  const creates = createsOf(end, view.runId).length;
  const announced = unknownCreates(view) + end.resumesOf(view.runId);
  // The last create of a run that fails for lost answers is not announced by a warning of its own.
  const failed = view.error?.code === 'unknown_create' ? 1 : 0;
  const most = view.iterations.length + announced + failed;
  return creates <= most ? [] : [`sent ${creates} creates, but at most ${most} are announced`];
}

/** I12: steered input is in the creates of exactly one iteration, or in none and shown as not sent. */
function steerProblems(end: PlanEnd, run: PlannedRun, view: RunView): string[] {
  const creates = createsOf(end, run.runId);
  return run.steers.flatMap(({ steerId }) => {
    const sent = creates.filter(({ text }) => text.includes(steerTextOf(steerId)));
    const shown = view.steered.filter((one) => one.steerId === steerId);
    if (shown.length > 1) return [`${steerId} is shown ${shown.length} times`];
    const [one] = shown;
    if (one === undefined) {
      if (end.accepted.has(steerId)) return [`${steerId} was accepted, but is not shown`];
      return sent.length > 0 ? [`${steerId} was sent, but is not shown`] : [];
    }
    const { sentIn } = one;
    if (sentIn === undefined) return sent.length > 0 ? [`${steerId} was sent, but is shown as not sent`] : [];
    const chained = sent.filter(({ isChained }) => isChained).map(({ iteration }) => iteration);
    const others = chained.filter((iteration) => iteration !== sentIn);
    if (others.length > 0) return [`${steerId} was sent in ${sentIn}, and again in ${others.join(', ')}`];
    // A run that is cancelled sends no create of the iteration that it has begun.
    const isBegun = creates.some(({ iteration }) => iteration === sentIn) || view.status !== 'cancelled';
    return !isBegun || sent.some(({ iteration }) => iteration === sentIn)
      ? []
      : [`${steerId} was not sent in ${sentIn}`];
  });
}

/** A front shows what the store has. */
function viewProblems({ shown }: PlanEnd, view: RunView): string[] {
  if (!isTerminalRun(view.status)) return [];
  const expected = JSON.stringify(comparable(view));
  return (shown.get(view.runId) ?? []).flatMap(({ front, view: other }) => {
    const found = JSON.stringify(comparable(other));
    return found === expected ? [] : [`${front} shows ${found} instead of ${expected}`];
  });
}

/** The parts of a view that are saved: GETs and the driver are not. */
function comparable(view: unknown): unknown {
  const json = JSON.stringify(view, (key, value: unknown) => {
    if (key === 'polls' || key === 'reconnects' || key === 'driver') return undefined;
    return isPlain(value) ? Object.fromEntries(Object.entries(value).toSorted(byName)) : value;
  });
  return JSON.parse(json);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
