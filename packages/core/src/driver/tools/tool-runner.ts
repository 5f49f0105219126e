import type { Scrub } from '../../client/scrub.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import { toolsOfIteration } from '../../engine/output-schema.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { JsonValue } from '../../wire/json.ts';
import { assessCall, callItem, type ReadCall } from './assess-call.ts';
import { executeCall } from './execute-call.ts';
import type { LoopHost, LoopPorts } from '../loop-setup.ts';

/**
 * The progress as JSON. A value that JSON cannot represent is replaced by a text, and `undefined` by null. Neither
 * value fails the tool.
 */
function shownProgress(value: unknown): JsonValue {
  try {
    return JSON.parse(JSON.stringify(value ?? null));
  } catch {
    return `${typeof value} that JSON cannot represent`;
  }
}

/** Checks and executes the calls of an agent's tools for one run. */
export class ToolRunner {
  readonly #ports: LoopPorts;
  readonly #host: LoopHost;
  readonly #scrub: Scrub;
  readonly #feed: (event: EngineEventBody) => void;
  /** The validated arguments by call. They are values of the schema, and are never saved. */
  readonly #reads = new Map<string, ReadCall>();
  readonly #running = new Map<string, AbortController>();

  /** @param scrub Removes secrets from a tool's errors, which are shown, saved and sent. */
  constructor(ports: LoopPorts, host: LoopHost, scrub: Scrub, feed: (event: EngineEventBody) => void) {
    this.#ports = ports;
    this.#host = host;
    this.#scrub = scrub;
    this.#feed = feed;
  }

  async assess(state: RunState, items: readonly StoredItem[], callIds: readonly string[]): Promise<void> {
    const { agent, context } = this.#host;
    const { runId, iteration } = state;
    const scrub = this.#scrub;
    const sent = toolsOfIteration(agent.spec.tools, items, iteration);
    const calls = await Promise.all(
      callIds.map(async (callId) => {
        const item = callItem(items, iteration, callId);
        const { assessment, read } = await assessCall(agent, item, callId, { runId, context, scrub }, sent);
        if (read !== undefined) this.#reads.set(callId, read);
        return assessment;
      }),
    );
    this.#feed({ type: 'assessed', calls });
  }

  execute(state: RunState, callId: string, key: string, at: number): void {
    const read = this.#reads.get(callId);
    // This error stops driving, and the run can be resumed. Without it, the run would wait for the call forever.
    if (read === undefined)
      throw new Error(`The call ${callId} cannot be executed, because its arguments were not read.`);
    this.#reads.delete(callId);
    const { iteration, runId } = state;
    this.#host.emit(
      { type: 'tool.started', iteration, callId, name: read.tool.name, arguments: read.arguments },
      at,
    );
    const abort = new AbortController();
    this.#running.set(callId, abort);
    void this.#run(read, abort, { callId, runId, idempotencyKey: key });
  }

  async #run(
    read: ReadCall,
    abort: AbortController,
    call: { readonly callId: string; readonly runId: string; readonly idempotencyKey: string },
  ): Promise<void> {
    const { callId } = call;
    const { clock, toolTimeoutMs } = this.#ports;
    const progress = (value: unknown): void => {
      this.#feed({ type: 'tool_progressed', callId, progress: shownProgress(value) });
    };
    const outcome = await executeCall({
      tool: read.tool,
      value: read.value,
      context: { ...call, context: this.#host.context, progress },
      timeoutMs: read.tool.timeoutMs ?? toolTimeoutMs,
      clock,
      abort,
      scrub: this.#scrub,
    });
    this.#running.delete(callId);
    this.#feed({ type: 'tool_settled', callId, outcome });
  }

  /** Aborts running tools. Their results are ignored. */
  abort(reason: string): void {
    for (const call of this.#running.values()) call.abort(new Error(reason));
  }
}
