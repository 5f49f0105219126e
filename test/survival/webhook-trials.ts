import type { Fault, FaultName } from '@longhaul/core/testing';
import type { Trial } from './trial.ts';

type WebhookFault = Extract<FaultName, `${string}-webhook`>;

const drop: Fault = { fault: 'drop-after-event', n: 6 };
const duplicate: Fault = { fault: 'duplicate-webhook' };

/** The part of `trials` in which webhooks are lost, come twice, or come early. Each run ends as without them. */
export const webhookTrials: { readonly [Name in WebhookFault]: { readonly [variant: string]: Trial } } = {
  'lost-webhook': {
    'without a receiver': { faults: [{ fault: 'lost-webhook' }], ends: 'same' },
    'with a receiver': { faults: [{ fault: 'lost-webhook' }], webhooks: true, ends: 'same' },
  },
  'duplicate-webhook': {
    'without a receiver': { faults: [duplicate], ends: 'same' },
    'with a receiver': { faults: [duplicate], webhooks: true, ends: 'same' },
    'before the answer to the create': {
      faults: [duplicate, { fault: 'slow', ms: 20_000 }],
      webhooks: true,
      ends: 'same',
    },
    'while the API asks for a delay': {
      faults: [duplicate, drop, { fault: 'http', on: 'retrieve', status: 429, retryAfter: 40 }],
      webhooks: true,
      ends: 'same',
    },
    'while polls fail': {
      faults: [duplicate, drop, { fault: 'http', on: 'retrieve', status: 503, times: 6 }],
      webhooks: true,
      ends: 'same',
    },
    'of a stream that stalls': { faults: [duplicate, { fault: 'stall' }], webhooks: true, ends: 'same' },
    'of a stream that is buffered': {
      faults: [duplicate, { fault: 'buffer-stream' }],
      webhooks: true,
      ends: 'same',
    },
  },
};
