import { defineAgent, tool, type Agent, type ToolContext } from '@longhaul/core';
import type { Iteration } from '@longhaul/core/testing';
import * as z from 'zod';

/** One execution of a tool that had its effect. */
export interface Execution {
  readonly tool: string;
  readonly runId: string;
  readonly callId: string;
  readonly idempotencyKey: string;
}

/** Performs the effect of a tool. A test can make the process die before or after it. */
export type Perform = (execution: Execution, effect: () => void) => Promise<void>;

export interface ScriptedRun {
  readonly agent: Agent;
  readonly script: readonly Iteration[];
  /** Executions in the order in which they had their effect. */
  readonly executions: Execution[];
  /** The answer of a run without faults. */
  readonly answer: string;
}

const answer = 'Your trip is booked: the night train to Paris, seat 21, and the owner expects you at nine.';

/**
 * A run of three iterations with reasoning. The first calls two tools; only `search` may be executed twice. The second
 * calls `book`. With `people`, `book` waits for an approval, and another call, `ask_owner`, for an output.
 */
export function scriptedRun({
  people = false,
  perform = async (_execution, effect) => effect(),
  executions = [],
}: {
  readonly people?: boolean;
  /** The array to which executions are added. */
  readonly executions?: Execution[];
  readonly perform?: Perform;
} = {}): ScriptedRun {
  const execute =
    (name: string, result: object) =>
    async (_args: unknown, { runId, callId, idempotencyKey }: ToolContext): Promise<object> => {
      const execution = { tool: name, runId, callId, idempotencyKey };
      await perform(execution, () => executions.push(execution));
      return result;
    };
  const where = z.object({ city: z.string() });
  const agent = defineAgent({
    name: 'booker',
    model: 'gpt-6-astra',
    instructions: 'Book trips.',
    tools: [
      tool({
        name: 'search',
        parameters: where,
        idempotent: true,
        execute: execute('search', { trains: ['night'] }),
      }),
      tool({ name: 'reserve', parameters: where, execute: execute('reserve', { seat: 21 }) }),
      tool({
        name: 'book',
        parameters: where,
        needsApproval: people,
        execute: execute('book', { booked: true }),
      }),
      tool({ name: 'ask_owner', parameters: where }),
    ],
  });
  const at = { city: 'Paris' };
  const script: Iteration[] = [
    {
      reasoning: 'Search and reserve now.',
      calls: [
        { name: 'search', arguments: at, callId: 'call_search' },
        { name: 'reserve', arguments: at, callId: 'call_reserve' },
      ],
    },
    {
      reasoning: true,
      text: 'Booking.',
      calls: [
        { name: 'book', arguments: at, callId: 'call_book' },
        ...(people ? [{ name: 'ask_owner', arguments: at, callId: 'call_ask' }] : []),
      ],
    },
    { reasoning: true, text: answer },
  ];
  return { agent, script, executions, answer };
}

/** The number of executions of each tool. */
export function executed(executions: readonly Execution[]): { readonly [tool: string]: number } {
  const counts: Record<string, number> = {};
  for (const { tool: name } of executions) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
