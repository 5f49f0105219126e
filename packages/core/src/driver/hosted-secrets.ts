import type { RequestOptions } from '../client/responses-client.ts';
import { send, type Answer } from '../client/send.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import type { Failure } from '../engine/policy/failure.ts';
import type { RequestPatch } from '../engine/request-patch.ts';
import type { RunState } from '../engine/run-state.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import { errorMessage } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { CreateBody, WireTool } from '../wire/create-body.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { isJsonObject } from '../wire/json.ts';
import { mapToolSecrets, secretTexts, toolSecrets } from '../wire/tool-secrets.ts';
import type { LoopHost, LoopPorts } from './loop-setup.ts';
import { prepareRequest } from './prepare-request.ts';

function toolsOf(value: unknown): readonly WireTool[] {
  return Array.isArray(value) ? value.filter((tool): tool is WireTool => isJsonObject(tool)) : [];
}

/** The first place of a request that still has what stands for a secret: the patch that it is made with was saved so. */
function lacking({ tools = [] }: CreateBody): string | undefined {
  const places: string[] = [];
  mapToolSecrets(tools, (place, value, shown) => {
    if (value === shown) places.push(place);
    return value;
  });
  return places[0];
}

/**
 * The secrets of one run's hosted tools: they are sent, but neither saved nor shown. Those of the agent's own tools are
 * in its definition. Those that `prepareRequest` sets are kept in memory; a process that does not have them asks
 * `prepareRequest` again, and takes nothing else from its answer.
 */
export class HostedSecrets {
  readonly #host: Pick<LoopHost, 'agent' | 'context'>;
  readonly #items: readonly StoredItem[];
  readonly #mayCreate: () => boolean;
  #prepared: ReadonlyMap<string, string> = new Map();

  /** @param mayCreate Whether a create may still be sent: not once the run is to be cancelled (I8). */
  constructor(
    host: Pick<LoopHost, 'agent' | 'context'>,
    items: readonly StoredItem[],
    mayCreate: () => boolean,
  ) {
    this.#host = host;
    this.#items = items;
    this.#mayCreate = mayCreate;
  }

  /** What of a patch may be saved: the secrets in it are kept here, and something stands in their place. */
  take(patch: RequestPatch | null): RequestPatch | null {
    const tools = toolsOf(patch?.set['tools']);
    const secrets = toolSecrets(tools);
    if (patch === null || secrets.size === 0) return patch;
    this.#prepared = secrets;
    return {
      ...patch,
      set: { ...patch.set, tools: mapToolSecrets(tools, (_place, _value, shown) => shown) },
    };
  }

  /** Sends a request with its secrets. What the server says of them is scrubbed from the answer. */
  async send(
    { client, clock }: Pick<LoopPorts, 'client' | 'clock'>,
    request: IterationRequest,
    options: RequestOptions,
    state: RunState,
  ): Promise<Answer> {
    let filled = request;
    if (request.kind === 'create' && lacking(request.body) !== undefined) {
      try {
        filled = { kind: 'create', body: await this.#fill(request.body, state) };
      } catch (cause) {
        // Nothing was sent: as where a client has no credentials.
        return failed({ kind: 'credentials', message: errorMessage(cause) }, cause);
      }
      if (!this.#mayCreate() || options.signal?.aborted === true)
        return failed({ kind: 'refused', message: 'the run was stopped before the create was sent' });
    }
    const secrets = [toolSecrets(this.#host.agent.spec.tools), this.#prepared].flatMap(secretTexts);
    return send(client, filled, options, clock, secrets);
  }

  async #fill(body: CreateBody, state: RunState): Promise<CreateBody> {
    const known = this.#filled(body);
    if (lacking(known) === undefined) return deepFreeze(known);
    const { agent, context } = this.#host;
    this.take(await prepareRequest(agent, state, this.#items, context));
    const filled = this.#filled(body);
    const place = lacking(filled);
    if (place === undefined) return deepFreeze(filled);
    throw new LonghaulError(
      'unauthorized',
      `The secret ${place} of a hosted tool is not saved. prepareRequest was asked for it again and did not set it.`,
    );
  }

  #filled(body: CreateBody): CreateBody {
    const tools = mapToolSecrets(body.tools ?? [], (place, value) => this.#prepared.get(place) ?? value);
    return { ...body, tools };
  }
}

function failed(failure: Failure, cause?: unknown): Answer {
  return { kind: 'failure', failure, pollAfterMs: undefined, cause };
}
