import type { Clock } from '../../clock/clock.ts';
import { mustBeClock } from '../../clock/must-be-clock.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { hasMethods, mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { DrivingRunner } from '../../run/driving-runner.ts';
import { wrongOption } from '../options/wrong-option.ts';
import { keyOf } from './webhook-signature.ts';

export interface WebhookHandlerOptions {
  /**
   * The signing secret of the webhook, as OpenAI shows it: `whsec_` and base64. Without the prefix, its characters are
   * the key. At least 16 bytes. While you replace a secret, pass the new and the old one.
   */
  readonly secret: string | readonly string[];
  /** The runner whose runs are woken. Its store must be the store of the runs; another process may drive them. */
  readonly runner: Pick<DrivingRunner<unknown>, 'wakeResponse'>;
  /**
   * The maximum difference between the time of a webhook and this machine's clock, in seconds, in both directions.
   * @default 300
   */
  readonly toleranceSeconds?: number | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
  /**
   * Called with errors of the runner and of its store. The handler has answered 503, so OpenAI sends the webhook again.
   * It may be async; its own errors are ignored.
   */
  readonly onError?: ((error: unknown, request: Request) => unknown) | undefined;
}

const handler = 'createWebhookHandler';
/** The length of the shortest key, in bytes. A shorter one is probably a part of a secret, and could be guessed. */
const shortestKey = 16;

/** The checked options, with all defaults. */
export interface WebhookConfig {
  readonly keys: readonly Uint8Array<ArrayBuffer>[];
  readonly runner: WebhookHandlerOptions['runner'];
  readonly toleranceSeconds: number;
  readonly clock: Clock;
  readonly onError: NonNullable<WebhookHandlerOptions['onError']>;
}

function readKeys(secret: unknown): readonly Uint8Array<ArrayBuffer>[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const keys = secrets.map((one) => (typeof one === 'string' ? keyOf(one) : undefined));
  const fit = keys.filter((key) => key !== undefined).filter(({ length }) => length >= shortestKey);
  if (keys.length > 0 && fit.length === keys.length) return fit;
  throw wrongOption(
    handler,
    'secret',
    `has to be the signing secret of the webhook, or several: \`whsec_\` and base64, or text, of at least ${shortestKey} bytes. OpenAI shows it once, when the webhook is created.`,
  );
}

/** @throws ConfigurationError for an invalid option */
export function readWebhookOptions(options: WebhookHandlerOptions): WebhookConfig {
  mustBeOptions(options, handler, {
    secret: 'any',
    runner: 'any',
    toleranceSeconds: 'number',
    clock: 'any',
    onError: 'function',
  });
  const { runner, toleranceSeconds = 300, clock = systemClock, onError = () => undefined } = options;
  mustBe(
    hasMethods(runner, ['wakeResponse']),
    handler,
    'runner',
    'a runner of createRunner(…) or queueRunner(…)',
  );
  mustBeClock(options.clock, handler);
  return { keys: readKeys(options.secret), runner, toleranceSeconds, clock, onError };
}
