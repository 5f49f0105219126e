import type { Idempotency } from '../limits/idempotency.ts';
import type { IdSigner } from '../ids/id-signer.ts';
import type { Principal } from '../principal.ts';
import type { ProxyConfig } from '../options/proxy-config.ts';
import type { RecordBudget } from '../limits/record-budget.ts';
import type { RunningCap } from '../limits/running-cap.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** The parts of a proxy that all its requests share. */
export interface ProxyParts<P extends Principal> {
  readonly config: ProxyConfig<P>;
  readonly signer: IdSigner;
  readonly upstream: Upstream;
  readonly running: RunningCap;
  readonly idempotency: Idempotency;
  readonly budget: RecordBudget;
}

/** One request of a client that may use the proxy. */
export interface Exchange<P extends Principal> {
  readonly request: Request;
  readonly url: URL;
  readonly principal: P;
  /** The principal's id. */
  readonly owner: string;
  /** Reports an error to the operator. */
  readonly report: (error: unknown) => void;
}
