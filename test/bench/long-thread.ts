import {
  type Agent,
  createRunner,
  defineAgent,
  type DrivingRunner,
  fetchClient,
  memoryStore,
  type RunSnapshot,
  type RunStore,
  tool,
} from '@longhaul/core';
import { model, pageText, parameters, toolName } from './iterations.ts';

/** The number of tool calls in each turn. They are in one response. */
const callsPerTurn = 20;

export const threadId = 'thread';

export const reader: Agent = defineAgent({
  name: 'reader',
  model,
  tools: [
    tool({
      name: toolName,
      parameters: { jsonSchema: parameters },
      execute: (args) => pageText(Number(Reflect.get(Object(args), 'index'))),
    }),
  ],
});

/**
 * An API whose answers cost the same in a thread of any length: it does not store conversations. It answers a question with
 * calls, and outputs with a text.
 */
function constantApi(): typeof fetch {
  let responses = 0;
  return async (_url, init) => {
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
    responses += 1;
    // All ids have the same length, so that turns can be compared.
    const id = String(responses).padStart(6, '0');
    const isAnswered = body.input?.at(-1)?.type === 'function_call_output';
    const calls = Array.from({ length: callsPerTurn }, (_, index) => ({
      ...{ type: 'function_call', id: `fc_${id}_${index}`, call_id: `call_${id}_${index}` },
      ...{ name: toolName, arguments: JSON.stringify({ index }), status: 'completed' },
    }));
    const content = [{ type: 'output_text', text: pageText(0), annotations: [] }];
    const message = {
      type: 'message',
      id: `msg_${id}`,
      role: 'assistant',
      status: 'completed',
      content,
    };
    return Response.json({
      ...{ id: `resp_${id}`, object: 'response', status: 'completed', background: true, store: true },
      ...{ previous_response_id: body.previous_response_id ?? null, usage: null },
      output: isAnswered ? [message] : calls,
    });
  };
}

/** The calls of a store, and the bytes of JSON that they have read and written. */
export interface StoreCost {
  commits: number;
  read: number;
  written: number;
}

/** A store that counts its calls. `cost` may be reset. */
export function countingStore(): { readonly store: RunStore; readonly cost: StoreCost } {
  const store = memoryStore();
  const cost: StoreCost = { commits: 0, read: 0, written: 0 };
  async function counted<T>(reading: Promise<T>): Promise<T> {
    const value = await reading;
    cost.read += JSON.stringify(value ?? null).length;
    return value;
  }
  return {
    cost,
    store: {
      ...store,
      load: (runId) => counted(store.load(runId)),
      list: (filter) => counted(store.list(filter)),
      listThreadRuns: (id) => counted(store.listThreadRuns(id)),
      listThreads: (filter) => counted(store.listThreads(filter)),
      commit: async (change) => {
        cost.commits += 1;
        cost.written += JSON.stringify(change).length;
        await store.commit(change);
      },
    },
  };
}

export interface LongThread {
  readonly runner: DrivingRunner;
  readonly cost: StoreCost;
  /** Sends the next turn. Returns its cost. */
  turn(): Promise<StoreCost>;
  /** The saved runs. */
  snapshots(): Promise<readonly RunSnapshot[]>;
}

/** A thread with this number of turns, each with 20 tool calls with an output of 2 kB, continued by chain. */
export async function longThread(turns: number): Promise<LongThread> {
  const { store, cost } = countingStore();
  const client = fetchClient({ baseURL: 'http://bench.test/v1', fetch: constantApi() });
  const runner = createRunner({ client, store, agents: [reader], mode: 'poll', continuation: 'chain' });
  const ids: string[] = [];
  async function turn(): Promise<StoreCost> {
    Object.assign(cost, { commits: 0, read: 0, written: 0 });
    const run = runner.start(reader, `Question ${String(ids.length).padStart(6, '0')}.`, {
      ...{ threadId, continueFrom: ids.at(-1) },
    });
    await run.result();
    ids.push(run.id);
    return { ...cost };
  }
  for (let index = 0; index < turns; index += 1) await turn();
  return {
    runner,
    cost,
    turn,
    snapshots: async () => (await Promise.all(ids.map((id) => store.load(id)))).flatMap((one) => one ?? []),
  };
}
