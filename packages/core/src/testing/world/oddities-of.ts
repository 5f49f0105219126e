import type { FaultList } from '../faults/fault-list.ts';
import type { FaultNamed } from '../faults/fault.ts';
import type { Leg } from '../script/leg.ts';
import { failureMessage, withDelay } from './failure-message.ts';
import type { Oddities } from './stored-response.ts';

export interface Bent {
  readonly leg: Leg;
  readonly oddities: Oddities;
}

type Failing = FaultNamed<'fail'> | FaultNamed<'error-event-flat'> | FaultNamed<'error-event-nested'>;

function failing(faults: FaultList, legIndex: number): Failing | undefined {
  return (
    faults.take('fail', legIndex) ??
    faults.take('error-event-flat', legIndex) ??
    faults.take('error-event-nested', legIndex)
  );
}

/** A leg that takes its time, and produces nothing. */
function timesOf({ queuedMs, runMs }: Leg): Leg {
  return { ...(queuedMs === undefined ? {} : { queuedMs }), ...(runMs === undefined ? {} : { runMs }) };
}

function failed(leg: Leg, fault: Failing | undefined): Leg {
  if (fault === undefined) return leg;
  const code = fault.code ?? 'server_error';
  const { tryAgainIn, withoutOutput } = fault.fault === 'fail' ? fault : {};
  const message = fault.message ?? failureMessage(code);
  const advice = tryAgainIn === undefined ? message : withDelay(message, tryAgainIn);
  return { ...(withoutOutput === true ? timesOf(leg) : leg), fail: { code, message: advice } };
}

function errorOddities(fault: Failing | undefined): Oddities {
  if (fault === undefined || fault.fault === 'fail') return {};
  return {
    errorEvent: fault.fault === 'error-event-flat' ? 'flat' : 'nested',
    ...(fault.ending === 'eof' ? { endAfterError: true } : {}),
  };
}

/** Another course than the leg's: without output, without end, with an item of the future. */
function bentLeg(leg: Leg, legIndex: number, faults: FaultList): Leg {
  let bent = leg;
  if (faults.take('empty-output', legIndex) !== undefined) bent = timesOf(leg);
  const unknown = faults.take('unknown-item', legIndex);
  if (unknown !== undefined) {
    const item = unknown.item ?? { type: 'hologram_call', status: 'completed', beams: 3 };
    bent = { ...bent, items: [item, ...(bent.items ?? [])] };
  }
  if (faults.take('stuck-queued', legIndex) !== undefined)
    bent = { ...bent, queuedMs: Number.POSITIVE_INFINITY };
  if (faults.take('stuck-in-progress', legIndex) !== undefined)
    bent = { ...bent, runMs: Number.POSITIVE_INFINITY };
  return bent;
}

/** What only shows in answers and events: the record itself is as it should be. */
function shownOddities(legIndex: number, faults: FaultList): Oddities {
  const empty = faults.take('empty-terminal-output', legIndex);
  const status = faults.take('terminal-without-status', legIndex);
  const second = faults.take('other-response-id', legIndex);
  return {
    ...(empty === undefined ? {} : { emptyOutput: empty.in ?? 'both' }),
    ...(faults.take('other-ids-in-terminal', legIndex) === undefined ? {} : { otherItemIds: true }),
    ...(status === undefined ? {} : { terminalStatus: status.status ?? null }),
    ...(second === undefined
      ? {}
      : { secondId: { in: second.in ?? 'terminal', chain: second.chain ?? 'both' } }),
  };
}

/** Takes the faults that bend a response which is made now. */
export function odditiesOf(leg: Leg, legIndex: number, faults: FaultList): Bent {
  const failure = failing(faults, legIndex);
  const status = faults.take('unknown-status', legIndex);
  const event = faults.take('unknown-event', legIndex);
  const left = faults.take('disconnect-leaves-queued', legIndex);
  const hidden = faults.take('get-404-for', legIndex);
  return {
    leg: failed(bentLeg(leg, legIndex, faults), failure),
    oddities: {
      ...errorOddities(failure),
      ...shownOddities(legIndex, faults),
      ...(status === undefined ? {} : { unknownStatus: status.status ?? 'moderating' }),
      ...(event === undefined ? {} : { unknownEvent: event.type ?? 'keepalive' }),
      ...(faults.take('done-event', legIndex) === undefined ? {} : { doneEvent: true }),
      ...(left === undefined ? {} : { queuedForeverWithinMs: left.ms ?? 2000 }),
      ...(hidden === undefined ? {} : { hiddenForMs: hidden.ms ?? 2000 }),
    },
  };
}
