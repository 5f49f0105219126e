import { clientSecrets } from '../../client/client-credentials.ts';
import type { RequestOptions } from '../../client/responses-client.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { scrubberOf, scrubCause, type Scrub } from '../../client/scrub.ts';
import type { Answer } from '../../client/answer.ts';
import { sendRequest } from '../../client/send-request.ts';
import { buildCreate } from '../../engine/build-create.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { IterationRequest } from '../../engine/iteration-request.ts';
import type { Failure } from '../../engine/policy/failure.ts';
import type { RequestPatch } from '../../engine/request-patch.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { CreateBody } from '../../wire/create-body.ts';
import { deepFreeze } from '../../wire/deep-freeze.ts';
import { mapSecrets, secretsOf, secretTexts, withoutSecrets } from '../../wire/tool-secrets.ts';
import type { LoopHost, LoopPorts } from '../loop-setup.ts';
import { prepareFailure, prepareRequest } from './prepare-request.ts';

/** The time for which a poll or the check of a call waits for `prepareRequest` to recover secrets, in milliseconds. */
const recallMs = 10_000;

const noSecrets: ReadonlyMap<string, string | number> = new Map();

/** The first field of a request that still has a placeholder. A saved patch has placeholders instead of secrets. */
function missingSecret(body: CreateBody): string | undefined {
  const places: string[] = [];
  mapSecrets(body, (place, value, shown) => {
    if (value === shown) places.push(place);
    return value;
  });
  return places[0];
}

/**
 * The secrets of one run's hosted tools. They are sent, but neither saved nor shown. Secrets of the agent's tools are
 * in the agent's definition. Secrets that `prepareRequest` sets are kept in memory. A process that does not have them
 * calls `prepareRequest` again, and uses nothing else of its result.
 */
export class HostedSecrets {
  readonly #ports: Pick<LoopPorts, 'client' | 'clock'>;
  readonly #host: Pick<LoopHost, 'agent' | 'context'>;
  readonly #items: readonly StoredItem[];
  readonly #mayCreate: () => boolean;
  #prepared: ReadonlyMap<string, string | number> = noSecrets;
  #recalled: Promise<unknown> | undefined;

  /** @param mayCreate Whether a create may still be sent. After a cancel request, no create is sent (I8). */
  constructor(
    ports: Pick<LoopPorts, 'client' | 'clock'>,
    host: Pick<LoopHost, 'agent' | 'context'>,
    items: readonly StoredItem[],
    mayCreate: () => boolean,
  ) {
    this.#ports = ports;
    this.#host = host;
    this.#items = items;
    this.#mayCreate = mayCreate;
  }

  /** The patch with placeholders, which may be saved. The secrets are kept in memory. */
  #take(patch: RequestPatch | null): RequestPatch | null {
    const secrets = secretsOf(patch?.set ?? {});
    if (patch === null || secrets.size === 0) return patch;
    this.#prepared = secrets;
    return { ...patch, set: withoutSecrets(patch.set) };
  }

  /** The result of `prepareRequest`: a patch that may be saved, or an error that may be shown. */
  async prepare(state: RunState): Promise<{ readonly event: EngineEventBody; readonly cause?: unknown }> {
    const { agent, context } = this.#host;
    try {
      const patch = await prepareRequest(agent, state, this.#items, context);
      return { event: { type: 'prepared', patch: this.#take(patch) } };
    } catch (error) {
      const failure = prepareFailure(error, this.scrub);
      return {
        event: { type: 'prepare_failed', ...failure },
        cause: scrubCause(error, this.scrub),
      };
    }
  }

  /** Sends a request with its secrets, and scrubs them from the answer. */
  async sendWithSecrets(
    request: IterationRequest,
    options: RequestOptions,
    state: RunState,
  ): Promise<Answer> {
    let filled = request;
    // The answer may quote what another process has sent.
    if (request.kind !== 'create') await this.recall(state);
    else if (missingSecret(request.body) !== undefined) {
      try {
        filled = { kind: 'create', body: await this.#fill(request.body, state) };
      } catch (cause) {
        // Nothing was sent, as with a client without credentials.
        const message = errorMessage(cause, this.scrub);
        return failed({ kind: 'credentials', message }, scrubCause(cause, this.scrub));
      }
      if (!this.#mayCreate() || options.signal?.aborted === true)
        return failed({ kind: 'refused', message: 'the run was stopped before it was sent' });
    }
    return sendRequest(this.#ports.client, filled, options, this.#ports.clock, this.#texts());
  }

  /** Removes the secrets of the run's requests and of its client from a text, such as a tool's error. */
  readonly scrub: Scrub = (text) => {
    const secrets = [...this.#texts(), ...clientSecrets(this.#ports.client)];
    return scrubberOf(secrets)?.(text) ?? text;
  };

  #texts(): readonly string[] {
    const { spec } = this.#host.agent;
    return [secretsOf({ ...spec.request, tools: spec.tools }), this.#prepared].flatMap(secretTexts);
  }

  /**
   * Calls `prepareRequest` to recover the secrets that another process has sent. A poll's answer or a tool's error may
   * quote them, so the call comes first. If it fails, the answer or the error is still shown, and the next poll tries
   * again.
   */
  recall(state: RunState): Promise<unknown> {
    if (!this.#host.agent.spec.prepares) return Promise.resolve();
    this.#recalled ??= this.#recall(state).catch(() => {
      this.#recalled = undefined;
    });
    return this.#recalled;
  }

  async #recall(state: RunState): Promise<void> {
    const filling = this.#fill(buildCreate(state, this.#host.agent.spec, this.#items), state);
    await withTimeout<unknown>(recallMs, this.#ports.clock, filling, () => undefined);
  }

  async #fill(body: CreateBody, state: RunState): Promise<CreateBody> {
    const known = this.#filled(body);
    if (missingSecret(known) === undefined) return deepFreeze(known);
    const { agent, context } = this.#host;
    this.#take(await prepareRequest(agent, state, this.#items, context));
    const filled = this.#filled(body);
    const place = missingSecret(filled);
    if (place === undefined) return deepFreeze(filled);
    throw new LonghaulError(
      'unauthorized',
      `The secret ${place} is not saved, and prepareRequest did not set it again.`,
    );
  }

  #filled(body: CreateBody): CreateBody {
    return mapSecrets(body, (place, value) => this.#prepared.get(place) ?? value);
  }
}

function failed(failure: Failure, cause?: unknown): Answer {
  return { kind: 'failure', failure, pollAfterMs: undefined, cause };
}
