import { defineAgent, tool, type Agent, type ToolContext } from '@longhaul/core';
import type { Iteration } from '@longhaul/core/testing';
import * as z from 'zod';

/** One execution of a tool, as the world outside saw it. */
export interface Execution {
  readonly tool: string;
  readonly runId: string;
  readonly callId: string;
  readonly idempotencyKey: string;
}

/** What a tool does around its effect: a test lets a process die here. */
export type Perform = (execution: Execution, effect: () => void) => Promise<void>;

export interface Journey {
  readonly agent: Agent;
  readonly script: readonly Iteration[];
  /** Executions in the order in which they had their effect. */
  readonly executions: Execution[];
  /** The answer of a run without trouble. */
  readonly answer: string;
}

const answer = 'Your trip is booked: the night train to Paris, seat 21, and the owner expects you at nine.';

/**
 * A run of three iterations with reasoning. The first calls two tools at once, of which only `search` may be executed
 * twice. The second calls `book`, and with `people` also waits for a person in both ways: `book` for an approval,
 * `ask_owner` for an output from outside.
 */
export function journey({
  people = false,
  perform = async (_execution, effect) => effect(),
  executions = [],
}: {
  readonly people?: boolean;
  /** Where executions are noted. */
  readonly executions?: Execution[];
  readonly perform?: Perform;
} = {}): Journey {
  const execute =
    (name: string, result: object) =>
    async (_args: unknown, { runId, callId, idempotencyKey }: ToolContext): Promise<object> => {
      const execution = { tool: name, runId, callId, idempotencyKey };
      await perform(execution, () => executions.push(execution));
      return result;
    };
  const where = z.object({ city: z.string() });
  const agent = defineAgent({
    name: 'traveller',
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
      reasoning: 'Search and reserve at once.',
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

/** How often each tool had its effect. */
export function executed(executions: readonly Execution[]): { readonly [tool: string]: number } {
  const counts: Record<string, number> = {};
  for (const { tool: name } of executions) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
