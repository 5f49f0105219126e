import type { FaultList } from '../faults/fault-list.ts';
import type { FaultNamed } from '../faults/fault.ts';
import type { Iteration } from '../script/iteration.ts';
import { failureMessage, withDelay } from './failure-message.ts';
import type { Oddities } from './stored-response.ts';

export interface Bent {
  readonly iteration: Iteration;
  readonly oddities: Oddities;
}

type Failing = FaultNamed<'fail'> | FaultNamed<'error-event-flat'> | FaultNamed<'error-event-nested'>;

function failing(faults: FaultList, iterationIndex: number): Failing | undefined {
  return (
    faults.take('fail', iterationIndex) ??
    faults.take('error-event-flat', iterationIndex) ??
    faults.take('error-event-nested', iterationIndex)
  );
}

/** An iteration with the same times and no output. */
function timesOf({ queuedMs, runMs }: Iteration): Iteration {
  return { ...(queuedMs === undefined ? {} : { queuedMs }), ...(runMs === undefined ? {} : { runMs }) };
}

function failed(iteration: Iteration, fault: Failing | undefined): Iteration {
  if (fault === undefined) return iteration;
  const code = fault.code ?? 'server_error';
  const { tryAgainIn, withoutOutput } = fault.fault === 'fail' ? fault : {};
  const message = fault.message ?? failureMessage(code);
  const advice = tryAgainIn === undefined ? message : withDelay(message, tryAgainIn);
  return { ...(withoutOutput === true ? timesOf(iteration) : iteration), fail: { code, message: advice } };
}

function errorOddities(fault: Failing | undefined): Oddities {
  if (fault === undefined || fault.fault === 'fail') return {};
  return {
    errorEvent: fault.fault === 'error-event-flat' ? 'flat' : 'nested',
    ...(fault.ending === 'eof' ? { endAfterError: true } : {}),
  };
}

/** The iteration as faults change it: without output, without end, or with an item of an unknown type. */
function bentIteration(iteration: Iteration, iterationIndex: number, faults: FaultList): Iteration {
  let bent = iteration;
  if (faults.take('empty-output', iterationIndex) !== undefined) bent = timesOf(iteration);
  const unknown = faults.take('unknown-item', iterationIndex);
  if (unknown !== undefined) {
    const item = unknown.item ?? { type: 'hologram_call', status: 'completed', beams: 3 };
    bent = { ...bent, items: [item, ...(bent.items ?? [])] };
  }
  if (faults.take('stuck-queued', iterationIndex) !== undefined)
    bent = { ...bent, queuedMs: Number.POSITIVE_INFINITY };
  if (faults.take('stuck-in-progress', iterationIndex) !== undefined)
    bent = { ...bent, runMs: Number.POSITIVE_INFINITY };
  return bent;
}

/** The faults that only affect answers and events, not the record. */
function shownOddities(iterationIndex: number, faults: FaultList): Oddities {
  const empty = faults.take('empty-terminal-output', iterationIndex);
  const status = faults.take('terminal-without-status', iterationIndex);
  const second = faults.take('other-response-id', iterationIndex);
  return {
    ...(empty === undefined ? {} : { emptyOutput: empty.in ?? 'both' }),
    ...(faults.take('other-ids-in-terminal', iterationIndex) === undefined ? {} : { otherItemIds: true }),
    ...(status === undefined ? {} : { terminalStatus: status.status ?? null }),
    ...(second === undefined
      ? {}
      : { secondId: { in: second.in ?? 'terminal', chain: second.chain ?? 'both' } }),
  };
}

/** Takes the faults that affect a new response. */
export function odditiesOf(iteration: Iteration, iterationIndex: number, faults: FaultList): Bent {
  const failure = failing(faults, iterationIndex);
  const status = faults.take('unknown-status', iterationIndex);
  const event = faults.take('unknown-event', iterationIndex);
  const left = faults.take('disconnect-leaves-queued', iterationIndex);
  const hidden = faults.take('get-404-for', iterationIndex);
  return {
    iteration: failed(bentIteration(iteration, iterationIndex, faults), failure),
    oddities: {
      ...errorOddities(failure),
      ...shownOddities(iterationIndex, faults),
      ...(status === undefined ? {} : { unknownStatus: status.status ?? 'moderating' }),
      ...(event === undefined ? {} : { unknownEvent: event.type ?? 'keepalive' }),
      ...(faults.take('done-event', iterationIndex) === undefined ? {} : { doneEvent: true }),
      ...(left === undefined ? {} : { queuedForeverWithinMs: left.ms ?? 2000 }),
      ...(hidden === undefined ? {} : { hiddenForMs: hidden.ms ?? 2000 }),
    },
  };
}
