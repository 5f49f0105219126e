import type { Fault, FaultName } from '@longhaul/core/testing';
import { gatewayTrials } from './gateway-trials.ts';
import type { Cell, Ending, Trial } from './trial.ts';
import { webhookTrials } from './webhook-trials.ts';

const always = Number.POSITIVE_INFINITY;
const failed = (code: string): Ending => ({ error: 'RunFailedError', code });
const limit = (code: string): Ending => ({ error: 'RunLimitError', code });
const stopped = (code: string): Ending => ({ error: 'LonghaulError', code });
const cancelled: Ending = { error: 'RunCancelledError', code: 'cancelled' };
const drop: Fault = { fault: 'drop-after-event', n: 6 };

/** Some faults fail the run at its first create. At a later create they cause a retry, or driving stops. */
const laterOrFirst =
  (later: Ending, first: Ending) =>
  ({ iteration }: Cell): Ending =>
    iteration > 0 ? later : first;

/** Only a later iteration is chained to a previous response. */
const whereChained =
  (chained: Ending) =>
  ({ iteration, continuation }: Cell): Ending =>
    iteration > 0 && continuation === 'chain' ? chained : 'same';

/** Every fault, alone or with the faults that make it effective. The compiler checks that none is missing. */
export const trials: { readonly [Name in FaultName]: { readonly [variant: string]: Trial } } = {
  refused: {
    'create, twice': { faults: [{ fault: 'refused', times: 2 }], ends: 'same' },
    'create, always': {
      faults: [{ fault: 'refused', times: always }],
      ends: laterOrFirst(limit('run_timeout'), failed('connection_refused')),
    },
    'retrieve, four times': {
      faults: [drop, { fault: 'refused', on: 'retrieve', times: 4 }],
      ends: 'same',
    },
    'everything, three times': { faults: [{ fault: 'refused', on: 'any', times: 3 }], ends: 'same' },
  },
  reset: {
    create: { faults: [{ fault: 'reset' }], ends: 'same', lostCreates: 1, warning: 'unknown_create' },
    'create, always': {
      faults: [{ fault: 'reset', times: 2 }],
      ends: laterOrFirst(stopped('unknown_create'), failed('unknown_create')),
      lostCreates: 2,
    },
    'retrieve, four times': { faults: [drop, { fault: 'reset', on: 'retrieve', times: 4 }], ends: 'same' },
  },
  http: {
    '500 at create': { faults: [{ fault: 'http', times: 2 }], ends: 'same' },
    '503 at create, always': {
      faults: [{ fault: 'http', status: 503, times: always }],
      ends: failed('server_is_overloaded'),
    },
    '429 at create, retry-after': {
      faults: [{ fault: 'http', status: 429, retryAfter: 30, times: 3 }],
      ends: 'same',
    },
    'quota at create': {
      faults: [{ fault: 'http', status: 429, code: 'insufficient_quota' }],
      ends: failed('insufficient_quota'),
    },
    '400 at create': {
      faults: [{ fault: 'http', status: 400, param: 'temperature', code: 'unsupported_parameter' }],
      ends: failed('unsupported_parameter'),
    },
    '401 at create': {
      faults: [{ fault: 'http', status: 401 }],
      ends: laterOrFirst(stopped('unauthorized'), failed('invalid_api_key')),
    },
    'a proxy’s 502 at create': {
      faults: [{ fault: 'http', status: 502, envelope: false }],
      ends: 'same',
      warning: 'unknown_create',
    },
    'a proxy’s 504 at create, which the server processed': {
      faults: [{ fault: 'http', status: 504, envelope: false, served: true }],
      ends: 'same',
      lostCreates: 1,
      warning: 'unknown_create',
    },
    '503 at retrieve, six times': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 503, times: 6 }],
      ends: 'same',
    },
    '429 at retrieve, retry-after': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 429, retryAfter: 40 }],
      ends: 'same',
    },
    'a proxy’s 502 at retrieve': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 502, envelope: false }],
      ends: 'same',
    },
    '500 at retrieve, always': {
      faults: [drop, { fault: 'http', on: 'retrieve', times: always }],
      // With polls, the run never learns that the response has left the queue.
      ends: ({ mode }) => limit(mode === 'poll' ? 'queued_timeout' : 'run_timeout'),
    },
    '401 at retrieve': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 401 }],
      ends: { error: 'LonghaulError', code: 'unauthorized' },
    },
    '404 at retrieve, once': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 404 }],
      ends: 'same',
    },
    '404 at retrieve, always': {
      faults: [drop, { fault: 'http', on: 'retrieve', status: 404, times: always }],
      ends: failed('not_found'),
    },
    '500 at cancel, twice': {
      faults: [{ fault: 'http', on: 'cancel', times: 2 }],
      ends: cancelled,
      cancels: true,
    },
    '500 at cancel, always': {
      faults: [{ fault: 'http', on: 'cancel', times: always }],
      ends: cancelled,
      cancels: true,
      warning: 'cancel_undelivered',
    },
  },
  'cut-body': {
    create: {
      faults: [{ fault: 'cut-body' }],
      ends: 'same',
      lostCreates: 1,
    },
    retrieve: { faults: [drop, { fault: 'cut-body', on: 'retrieve', times: 3 }], ends: 'same' },
  },
  'empty-body': {
    create: { faults: [{ fault: 'empty-body' }], ends: 'same', lostCreates: 1 },
    retrieve: { faults: [drop, { fault: 'empty-body', on: 'retrieve', times: 3 }], ends: 'same' },
    'poll, always': {
      faults: [drop, { fault: 'stream-expired' }, { fault: 'empty-body', on: 'poll', times: 40 }],
      // With polls, the run never learns that the response has left the queue, and reaches the queue limit first.
      ends: ({ mode }) => (mode === 'poll' ? limit('queued_timeout') : stopped('not_the_api')),
    },
  },
  'malformed-body': {
    create: { faults: [{ fault: 'malformed-body' }], ends: 'same', lostCreates: 1 },
    'create, always': {
      faults: [{ fault: 'malformed-body', times: 2 }],
      ends: (cell) =>
        cell.mode === 'poll'
          ? laterOrFirst(stopped('unknown_create'), failed('invalid_response'))(cell)
          : 'same',
      lostCreates: 2,
    },
    retrieve: { faults: [drop, { fault: 'malformed-body', on: 'retrieve', times: 3 }], ends: 'same' },
  },
  slow: {
    create: { faults: [{ fault: 'slow', ms: 20_000 }], ends: 'same' },
    'create, without an answer': {
      faults: [{ fault: 'slow', ms: 86_400_000 }],
      ends: 'same',
      lostCreates: 1,
      warning: 'unknown_create',
    },
    'retrieve, without an answer': {
      faults: [drop, { fault: 'slow', on: 'retrieve', ms: 86_400_000 }],
      ends: 'same',
    },
  },
  'slow-poll': { 'every poll': { faults: [drop, { fault: 'slow-poll' }], ends: 'same' } },
  '202-create': { 'every create': { faults: [{ fault: '202-create' }], ends: 'same' } },
  'ignore-background': {
    'every create': {
      faults: [{ fault: 'ignore-background' }],
      ends: 'same',
      warning: 'background_ignored',
    },
  },
  'in-progress-foreground': {
    create: { faults: [{ fault: 'in-progress-foreground' }], ends: 'same' },
  },
  'store-false-echo': {
    'every create': {
      faults: [{ fault: 'store-false-echo' }],
      ends: ({ iteration, continuation }) =>
        iteration < 2 && continuation === 'chain' ? failed('previous_response_not_found') : 'same',
      warning: ({ iteration, continuation }) =>
        iteration < 2 && continuation === 'auto' ? 'replay' : undefined,
      failsNextCreate: true,
    },
  },
  'no-reasoning-include': {
    'every create': { faults: [{ fault: 'no-reasoning-include' }], ends: 'same' },
  },
  'azure-loses-calls': {
    'every chained create': {
      faults: [{ fault: 'azure-loses-calls' }],
      ends: whereChained(failed('invalid_request_error')),
      warning: ({ iteration, continuation }) =>
        iteration > 0 && continuation === 'auto' ? 'replay' : undefined,
    },
  },
  'previous-response-not-found-for': {
    '2 s': { faults: [{ fault: 'previous-response-not-found-for' }], ends: 'same' },
    'a minute': {
      faults: [{ fault: 'previous-response-not-found-for', ms: 60_000 }],
      ends: whereChained(failed('previous_response_not_found')),
      warning: ({ iteration, continuation }) =>
        iteration > 0 && continuation === 'auto' ? 'replay' : undefined,
    },
  },
  'stuck-queued': { 'the response': { faults: [{ fault: 'stuck-queued' }], ends: limit('queued_timeout') } },
  'stuck-in-progress': {
    'the response': { faults: [{ fault: 'stuck-in-progress' }], ends: limit('run_timeout') },
  },
  fail: {
    'server_error, twice': { faults: [{ fault: 'fail', times: 2 }], ends: 'same' },
    'server_error, always': { faults: [{ fault: 'fail', times: always }], ends: failed('server_error') },
    rate_limit_exceeded: { faults: [{ fault: 'fail', code: 'rate_limit_exceeded' }], ends: 'same' },
    quota: {
      faults: [{ fault: 'fail', code: 'insufficient_quota' }],
      ends: failed('insufficient_quota'),
    },
    'another code': {
      faults: [{ fault: 'fail', code: 'image_too_large' }],
      ends: failed('image_too_large'),
    },
  },
  'error-event-flat': {
    server_error: { faults: [{ fault: 'error-event-flat' }], ends: 'same' },
    'server_error, then EOF': { faults: [{ fault: 'error-event-flat', ending: 'eof' }], ends: 'same' },
    quota: {
      faults: [{ fault: 'error-event-flat', code: 'insufficient_quota' }],
      ends: failed('insufficient_quota'),
    },
  },
  'error-event-nested': {
    server_error: { faults: [{ fault: 'error-event-nested' }], ends: 'same' },
    'server_error, then EOF': { faults: [{ fault: 'error-event-nested', ending: 'eof' }], ends: 'same' },
    quota: {
      faults: [{ fault: 'error-event-nested', code: 'insufficient_quota', ending: 'eof' }],
      ends: failed('insufficient_quota'),
    },
  },
  // OpenAI allows a completed response without output. The run completes with an empty text.
  'empty-output': { 'the response': { faults: [{ fault: 'empty-output' }], ends: 'empty' } },
  'unknown-status': { always: { faults: [{ fault: 'unknown-status' }], ends: 'same' } },
  'unknown-item': { 'the response': { faults: [{ fault: 'unknown-item' }], ends: 'same' } },
  'unknown-event': {
    'every stream': { faults: [{ fault: 'unknown-event' }], ends: 'same' },
    'with a drop': { faults: [{ fault: 'unknown-event' }, drop], ends: 'same' },
  },
  'done-event': { 'every stream': { faults: [{ fault: 'done-event' }], ends: 'same' } },
  'disconnect-leaves-queued': {
    'with a drop right after the first event': {
      faults: [{ fault: 'disconnect-leaves-queued' }, { fault: 'drop-after-event', n: 0 }],
      ends: ({ mode }) => (mode === 'stream' ? limit('queued_timeout') : 'same'),
    },
  },
  'get-404-for': {
    '2 s': { faults: [drop, { fault: 'get-404-for' }], ends: 'same' },
    'right after the create, with a drop': {
      faults: [
        { fault: 'drop-after-event', n: 0 },
        { fault: 'get-404-for', ms: 10_000 },
      ],
      ends: 'same',
    },
    'while cancelling': {
      faults: [{ fault: 'get-404-for', ms: 3_000 }],
      ends: cancelled,
      cancels: true,
    },
  },
  'cancel-loses-race': {
    cancel: { faults: [{ fault: 'cancel-loses-race' }], ends: cancelled, cancels: true },
  },
  'cancel-terminal-400': {
    cancel: { faults: [{ fault: 'cancel-terminal-400' }], ends: cancelled, cancels: true },
    '409': { faults: [{ fault: 'cancel-terminal-400', status: 409 }], ends: cancelled, cancels: true },
  },
  'cancel-without-usage': {
    cancel: { faults: [{ fault: 'cancel-without-usage' }], ends: cancelled, cancels: true },
  },
  'drop-after-event': {
    'the first event': { faults: [{ fault: 'drop-after-event', n: 0 }], ends: 'same' },
    'the third event': { faults: [{ fault: 'drop-after-event' }], ends: 'same' },
    'the tenth event, every time': {
      faults: [{ fault: 'drop-after-event', n: 10, times: always }],
      ends: 'same',
    },
    'each reconnect': { faults: [{ fault: 'drop-after-event', n: 0, times: always }], ends: 'same' },
  },
  'eof-without-terminal': {
    'before the last event': { faults: [{ fault: 'eof-without-terminal' }], ends: 'same' },
    'after the fourth event': { faults: [{ fault: 'eof-without-terminal', n: 4 }], ends: 'same' },
    'every time': { faults: [{ fault: 'eof-without-terminal', times: always }], ends: 'same' },
  },
  stall: {
    once: { faults: [{ fault: 'stall' }], ends: 'same' },
    'every time': { faults: [{ fault: 'stall', n: 5, times: always }], ends: 'same' },
  },
  gap: {
    'one event': { faults: [{ fault: 'gap' }], ends: 'same' },
    'five events': { faults: [{ fault: 'gap', size: 5 }], ends: 'same' },
    'every time': { faults: [{ fault: 'gap', times: always }], ends: 'same' },
    'all later events': { faults: [{ fault: 'gap', size: 10_000 }], ends: 'same' },
  },
  'duplicate-events-on-resume': {
    'after a drop': { faults: [drop, { fault: 'duplicate-events-on-resume' }], ends: 'same' },
    'after each of many drops': {
      faults: [
        { fault: 'drop-after-event', n: 3 },
        { fault: 'drop-after-event', n: 7 },
        { fault: 'drop-after-event', n: 9 },
        { fault: 'duplicate-events-on-resume', n: 6 },
      ],
      ends: 'same',
    },
  },
  'stream-expired': {
    'after a drop': { faults: [drop, { fault: 'stream-expired' }], ends: 'same' },
  },
  'split-chunks': {
    '7 bytes': { faults: [{ fault: 'split-chunks' }], ends: 'same' },
    '1 byte': { faults: [{ fault: 'split-chunks', bytes: 1 }], ends: 'same' },
  },
  'missing-last-blank-line': {
    'every stream': { faults: [{ fault: 'missing-last-blank-line' }], ends: 'same' },
  },
  'keepalive-comments': { 'every stream': { faults: [{ fault: 'keepalive-comments' }], ends: 'same' } },
  'done-sentinel': { 'every stream': { faults: [{ fault: 'done-sentinel' }], ends: 'same' } },
  crlf: { 'every stream': { faults: [{ fault: 'crlf' }], ends: 'same' } },
  'unsequenced-events': {
    'every stream': { faults: [{ fault: 'unsequenced-events' }], ends: 'same' },
    'with a drop': { faults: [{ fault: 'unsequenced-events' }, drop], ends: 'same' },
  },
  'rotating-item-ids': {
    'every stream': { faults: [{ fault: 'rotating-item-ids' }], ends: 'same' },
    'with a drop': { faults: [{ fault: 'rotating-item-ids' }, drop], ends: 'same' },
  },
  ...gatewayTrials,
  ...webhookTrials,
};
