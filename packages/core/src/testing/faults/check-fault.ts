import { isObject, mustBe, mustBeOptions, type OptionKind } from '../../errors/must-be.ts';
import type { Fault, FaultName, FaultNamed } from './fault.ts';
import type { Target } from './target.ts';

// The names and fields of all faults. `checkFault` compares what a test injects with this table.

/** The fields of one fault only, without its name and its target. */
type FieldsOf<Name extends FaultName> = {
  readonly [Field in Exclude<keyof FaultNamed<Name>, 'fault' | keyof Target>]-?: OptionKind;
};

const target: { readonly [Field in keyof Required<Target>]: OptionKind } = {
  iteration: 'amount',
  times: 'amount',
  skip: 'amount',
  forMs: 'amount',
};
const on = ['create', 'retrieve', 'poll', 'stream', 'cancel', 'delete', 'any'];
const errorEvent = { code: 'string', message: 'string', ending: ['response.failed', 'eof'] } as const;

/** The fields of each fault. */
const fields: { readonly [Name in FaultName]: FieldsOf<Name> } = {
  '202-create': {},
  'azure-loses-calls': {},
  'buffer-stream': { hold: ['headers', 'body'] },
  'call-with-output': { output: 'string' },
  'cancel-loses-race': {},
  'cancel-terminal-400': { status: 'amount' },
  'cancel-without-usage': {},
  'chain-ignored': { text: 'string' },
  'content-type': { type: 'any' },
  crlf: {},
  'cut-body': { on },
  'disconnect-leaves-queued': { ms: 'amount' },
  'done-event': {},
  'done-sentinel': {},
  'drop-after-event': { n: 'amount' },
  'duplicate-events-on-resume': { n: 'amount' },
  'duplicate-webhook': {},
  'empty-body': { on },
  'empty-output': {},
  'empty-terminal-output': { in: ['terminal', 'retrieve', 'both'] },
  'eof-without-terminal': { n: 'amount' },
  'error-event-first': { code: 'string', message: 'string', form: ['nested', 'flat'] },
  'error-event-flat': errorEvent,
  'error-event-nested': errorEvent,
  fail: { code: 'string', message: 'string', tryAgainIn: 'string', withoutOutput: 'boolean' },
  'foreign-answer': { on, status: 'amount', body: 'any', contentType: 'string', served: 'boolean' },
  gap: { n: 'amount', size: 'amount', types: 'any' },
  'get-404-for': { ms: 'amount' },
  'headers-timeout': { on, ms: 'amount' },
  http: {
    on,
    status: 'amount',
    code: 'any',
    message: 'string',
    type: 'string',
    param: 'string',
    retryAfter: 'amount',
    retryAfterMs: 'amount',
    envelope: 'boolean',
    served: 'boolean',
  },
  'ignore-background': {},
  'in-progress-foreground': {},
  'keepalive-comments': {},
  'lost-webhook': {},
  'malformed-body': { on },
  'missing-last-blank-line': {},
  'no-reasoning-include': {},
  'other-ids-in-terminal': {},
  'other-response-id': { in: ['stream', 'terminal', 'retrieve'], chain: ['both', 'first', 'other', 'none'] },
  'previous-response-not-found-for': { ms: 'amount' },
  refused: { on },
  reset: { on, served: 'boolean' },
  'rotating-item-ids': {},
  'same-call-id': {},
  slow: { on, ms: 'amount' },
  'slow-poll': { ms: 'amount' },
  'split-chunks': { bytes: 'amount' },
  stall: { n: 'amount' },
  'store-false-echo': {},
  'stream-expired': {},
  'stuck-in-progress': {},
  'stuck-queued': {},
  'terminal-without-status': { status: 'string' },
  'unknown-event': { type: 'string' },
  'unknown-item': { item: 'any' },
  'unknown-status': { status: 'string' },
  'unsequenced-events': {},
  'untyped-events': {},
};

/**
 * Rejects a fault that does not exist, or that has an unknown or invalid field. Without this check, such a fault would
 * have no effect, or would affect requests that it is not meant for.
 *
 * @throws ConfigurationError that names the field
 */
export function checkFault(fault: Fault, owner: string, group: string): void {
  mustBe(isObject(fault), owner, group, 'an object');
  const known: ReadonlyMap<string, Readonly<Record<string, OptionKind>>> = new Map(Object.entries(fields));
  const own = known.get(fault.fault);
  const names = [...known.keys()].join(', ');
  mustBe(own !== undefined, owner, `${group}.fault`, `one of ${names}`);
  mustBeOptions<object>(fault, owner, { fault: 'string', ...target, ...own }, group);
  // The status of a foreign answer has no default.
  const hasStatus = fault.fault !== 'foreign-answer' || fault.status !== undefined;
  mustBe(hasStatus, owner, `${group}.status`, 'a number from 0');
}
