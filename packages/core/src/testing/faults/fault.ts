import type { CreateFault } from './create-fault.ts';
import type { ResponseFault } from './response-fault.ts';
import type { StreamFault } from './stream-fault.ts';
import type { Target } from './target.ts';
import type { TransportFault } from './transport-fault.ts';

export type CancelFault =
  /** The answer to a cancel has the status `cancelled`, but the response ends as if it had not been cancelled. */
  | ({ readonly fault: 'cancel-loses-race' } & Target)
  /**
   * A cancel of a completed, incomplete or failed response gets an error instead of the response. Always. @default
   * status 400
   */
  | ({ readonly fault: 'cancel-terminal-400'; readonly status?: number } & Target)
  /** The answer to a cancel has no usage; a later GET has it. Always. */
  | ({ readonly fault: 'cancel-without-usage' } & Target);

/** A fault of a webhook, if the emulator sends webhooks. */
export type WebhookFault =
  /** The webhook is never delivered. */
  | ({ readonly fault: 'lost-webhook' } & Target)
  /** The webhook is delivered twice with the same `webhook-id`. */
  | ({ readonly fault: 'duplicate-webhook' } & Target);

/**
 * A failure seen with real servers and networks, by name.
 *
 * @example
 * createEmulator({ script, faults: [{ fault: 'drop-after-event', n: 5 }, { fault: 'http', on: 'poll', status: 503, times: 2 }] })
 */
export type Fault = TransportFault | CreateFault | ResponseFault | CancelFault | StreamFault | WebhookFault;

export type FaultName = Fault['fault'];

export type FaultNamed<Name extends FaultName> = Extract<Fault, { readonly fault: Name }>;
