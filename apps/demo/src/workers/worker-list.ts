import { queryOptions } from '@tanstack/react-query';
import * as v from 'valibot';
import { askServer } from '../runner/server-contact.ts';

const runSchema = v.variant('state', [
  /** A worker drives the run. */
  v.object({ state: v.literal('driven'), runId: v.string(), worker: v.number() }),
  /** Its worker was stopped. Another worker takes the run over. */
  v.object({ state: v.literal('lost'), runId: v.string(), worker: v.number() }),
  /** It waits for a worker. */
  v.object({ state: v.literal('queued'), runId: v.string() }),
  /** It waits for a response or a person, without a process. */
  v.object({ state: v.literal('parked'), runId: v.string() }),
  /** It waits until a person resumes it. */
  v.object({ state: v.literal('halted'), runId: v.string() }),
]);

const listSchema = v.object({
  workers: v.array(v.object({ number: v.number(), isRunning: v.boolean() })),
  /** The visitor's runs that are not over. */
  runs: v.array(runSchema),
});

/** The process of a run that is not over. */
export type RunDriving = v.InferOutput<typeof runSchema>;
export type WorkerList = v.InferOutput<typeof listSchema>;
export type ShownWorker = WorkerList['workers'][number];

const address = '/api/workers';

/** Query options for the workers of the server, and those of them that drive the visitor's runs. */
export const workerListOptions = queryOptions({
  queryKey: ['demo', 'workers'],
  queryFn: async ({ signal }) => {
    const response = await askServer(address, { signal });
    if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
    const list = v.parse(listSchema, await response.json());
    // The supervisor sends the workers to a web process that has just started.
    if (list.workers.length === 0) throw new Error("The demo's server does not know its workers yet.");
    return list;
  },
  refetchInterval: 1_000,
  // A server on this machine is reachable even if the browser is offline.
  networkMode: 'always',
  retry: false,
});

/** Kills a worker, or starts it again. */
export async function orderWorker(order: {
  readonly action: 'stop' | 'start';
  readonly worker: number;
}): Promise<void> {
  const response = await askServer(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
}
