import type { CreateFault } from './create-fault.ts';
import type { ResponseFault } from './response-fault.ts';
import type { StreamFault } from './stream-fault.ts';
import type { Target } from './target.ts';
import type { TransportFault } from './transport-fault.ts';

export type CancelFault =
  /** Cancel answers `cancelled`, but the response completes all the same. */
  | ({ readonly fault: 'cancel-loses-race' } & Target)
  /** Cancel of a terminal response answers 400 instead of the response. Always. @default status 400 */
  | ({ readonly fault: 'cancel-terminal-400'; readonly status?: number } & Target)
  /** Cancel answers without usage; a later GET has it. Always. */
  | ({ readonly fault: 'cancel-without-usage' } & Target);

/** Webhooks, where the emulator sends them. */
export type WebhookFault =
  /** The webhook never comes. */
  | ({ readonly fault: 'lost-webhook' } & Target)
  /** The webhook comes twice, under one `webhook-id`. */
  | ({ readonly fault: 'duplicate-webhook' } & Target);

/**
 * A trouble that real servers and networks have made, by name.
 *
 * @example
 * createEmulator({ script, faults: [{ fault: 'drop-after-event', n: 5 }, { fault: 'http', on: 'poll', status: 503, times: 2 }] })
 */
export type Fault = TransportFault | CreateFault | ResponseFault | CancelFault | StreamFault | WebhookFault;

export type FaultName = Fault['fault'];

export type FaultNamed<Name extends FaultName> = Extract<Fault, { readonly fault: Name }>;
