import { queryOptions } from '@tanstack/react-query';
import * as v from 'valibot';
import { askServer } from '../runner/server-contact.ts';
import { faultNames, type FaultName } from './demo-faults.ts';

const stateSchema = v.object({
  /** The active lasting faults, and the armed faults. */
  on: v.array(v.picklist(faultNames)),
  /** The number of responses that the simulated model has generated, including discarded ones. */
  generations: v.number(),
});

export type FaultState = v.InferOutput<typeof stateSchema>;

const address = '/emulator/faults';

export const faultStateOptions = queryOptions({
  queryKey: ['demo', 'faults'],
  queryFn: async ({ signal }) => {
    const response = await askServer(address, { signal });
    if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
    return v.parse(stateSchema, await response.json());
  },
  refetchInterval: 2_000,
});

/** Requests a fault from the server, or ends it. */
export async function injectFault(order: {
  readonly name: FaultName;
  readonly on: boolean;
}): Promise<FaultState> {
  const response = await askServer(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
  return v.parse(stateSchema, await response.json());
}
