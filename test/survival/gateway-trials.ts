import type { FaultName } from '@longhaul/core/testing';
import type { Cell, Ending, Trial } from './trial.ts';

const failed = (code: string): Ending => ({ error: 'RunFailedError', code });

/** An ending for the iterations with calls. The last iteration of the scripted run has no calls. */
const whereCalls =
  (ending: Ending) =>
  ({ iteration }: Cell): Ending =>
    iteration < 2 ? ending : 'same';

/** Without a stream, only the `output` of the JSON answer contains the items. */
const emptyWherePolled = ({ mode }: Cell): Ending => (mode === 'poll' ? 'empty' : 'same');

/** A warning that depends on the events of a stream. */
const whereStreamed =
  (code: string) =>
  ({ mode }: Cell): string | undefined =>
    mode === 'stream' ? code : undefined;

type GatewayTrials = { readonly [Name in FaultName]?: { readonly [variant: string]: Trial } };

/** The part of `trials` with the faults of gateways, proxies and other servers. */
export const gatewayTrials = {
  'buffer-stream': {
    'headers and body': { faults: [{ fault: 'buffer-stream' }], ends: 'same' },
    'the body': { faults: [{ fault: 'buffer-stream', hold: 'body' }], ends: 'same' },
  },
  'call-with-output': {
    'the response': { faults: [{ fault: 'call-with-output' }], ends: whereCalls('early') },
  },
  'chain-ignored': {
    'every chained create': {
      faults: [{ fault: 'chain-ignored' }],
      ends: ({ iteration, continuation }) =>
        iteration > 0 && continuation === 'chain' ? failed('chain_ignored') : 'same',
      warning: ({ iteration, continuation }) =>
        iteration > 0 && continuation === 'auto' ? 'replay' : undefined,
    },
  },
  'content-type': {
    'in capitals': { faults: [{ fault: 'content-type', type: 'Text/Event-Stream' }], ends: 'same' },
    'plain text': { faults: [{ fault: 'content-type' }], ends: 'same' },
    none: { faults: [{ fault: 'content-type', type: null }], ends: 'same' },
  },
  'empty-terminal-output': {
    'the terminal event': {
      faults: [{ fault: 'empty-terminal-output', in: 'terminal' }],
      ends: 'same',
      warning: whereStreamed('output_from_stream'),
    },
    'each JSON answer': {
      faults: [{ fault: 'empty-terminal-output', in: 'retrieve' }],
      ends: emptyWherePolled,
      // The usage counts tokens that the output does not have.
      warning: ({ mode }) => (mode === 'poll' ? 'output_differs' : undefined),
    },
    both: {
      faults: [{ fault: 'empty-terminal-output' }],
      ends: emptyWherePolled,
      warning: ({ mode }) => (mode === 'poll' ? 'output_differs' : 'output_from_stream'),
    },
  },
  'error-event-first': {
    server_error: { faults: [{ fault: 'error-event-first' }], ends: 'same' },
    quota: {
      faults: [{ fault: 'error-event-first', code: 'insufficient_quota' }],
      ends: failed('insufficient_quota'),
    },
  },
  'foreign-answer': {
    'a page with 200 at retrieve, ten times': {
      faults: [{ fault: 'foreign-answer', on: 'retrieve', status: 200, times: 10 }],
      ends: 'same',
    },
    'a gateway’s 404 at retrieve, for a minute': {
      faults: [
        {
          fault: 'foreign-answer',
          on: 'retrieve',
          status: 404,
          body: { message: 'no Route matched' },
          forMs: 60_000,
        },
      ],
      ends: 'same',
    },
    'a page with 503 at create, for 30 s': {
      faults: [{ fault: 'foreign-answer', status: 503, forMs: 30_000 }],
      ends: 'same',
    },
  },
  'headers-timeout': {
    '300 s': { faults: [{ fault: 'headers-timeout' }], ends: 'same' },
  },
  'other-ids-in-terminal': {
    'every stream': {
      faults: [{ fault: 'other-ids-in-terminal' }],
      ends: 'same',
      // In an iteration without calls, the snapshot has all streamed items.
      warning: (cell) => (cell.iteration < 2 ? whereStreamed('output_differs')(cell) : undefined),
    },
  },
  'other-response-id': {
    'the terminal event': {
      faults: [{ fault: 'other-response-id' }],
      ends: 'same',
      warning: whereStreamed('response_id_changed'),
    },
    'the terminal event, only the first id can be chained': {
      faults: [{ fault: 'other-response-id', chain: 'first' }],
      ends: 'same',
      warning: whereStreamed('response_id_changed'),
    },
    'the stream': {
      faults: [{ fault: 'other-response-id', in: 'stream' }],
      ends: 'same',
      warning: whereStreamed('response_id_changed'),
    },
    'each GET': { faults: [{ fault: 'other-response-id', in: 'retrieve' }], ends: 'same' },
  },
  'same-call-id': {
    'the response': { faults: [{ fault: 'same-call-id' }], ends: whereCalls(failed('duplicate_call_id')) },
  },
  'terminal-without-status': {
    'no status': { faults: [{ fault: 'terminal-without-status' }], ends: 'same' },
    'a stale status': {
      faults: [{ fault: 'terminal-without-status', status: 'in_progress' }],
      ends: 'same',
    },
  },
  'untyped-events': { 'every stream': { faults: [{ fault: 'untyped-events' }], ends: 'same' } },
} satisfies GatewayTrials;
