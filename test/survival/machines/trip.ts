import { setTimeout as sleep } from 'node:timers/promises';
import { defineAgent, tool, type Agent, type ToolContext } from '@longhaul/core';
import type { Iteration, Script } from '@longhaul/core/testing';
import * as z from 'zod';

const toolNames = ['search', 'reserve', 'book', 'ask_owner'] as const;
export type ToolName = (typeof toolNames)[number];

/** One response of the model: how long it takes, and the tools that it calls, with the time that each takes. */
const iterationSchema = z.object({
  runMs: z.number(),
  calls: z.array(z.object({ name: z.enum(toolNames), ms: z.number() })),
});
export type TripIteration = z.infer<typeof iterationSchema>;
/** The actions of the model in a run, before its answer. The input of the run contains it as JSON. */
export type Trip = readonly TripIteration[];

/** One line of the log of executions. `began`: before the effect of the tool. */
export const executionSchema = z.object({
  state: z.enum(['began', 'done']),
  machine: z.string(),
  tool: z.string(),
  runId: z.string(),
  callId: z.string(),
  idempotencyKey: z.string(),
});
export type ToolExecution = z.infer<typeof executionSchema>;

const beginning = 'Trip ';

export function inputOf(trip: Trip): string {
  return beginning + JSON.stringify(trip);
}

export function callIdOf(iteration: number, name: ToolName): string {
  return `call_${iteration}_${name}`;
}

export function steerTextOf(steerId: string): string {
  return `Steer ${steerId}.`;
}

/** The agent of all machines. `note` writes a line to the log of executions. */
export function tripAgent(machine: string, note: (execution: ToolExecution) => void): Agent {
  const execute =
    (name: ToolName) =>
    async ({ ms }: { ms: number }, { runId, callId, idempotencyKey }: ToolContext): Promise<object> => {
      const execution = { machine, tool: name, runId, callId, idempotencyKey };
      note({ state: 'began', ...execution });
      await sleep(ms);
      note({ state: 'done', ...execution });
      return { done: callId };
    };
  const parameters = z.object({ ms: z.number() });
  return defineAgent({
    name: 'traveller',
    model: 'gpt-6-astra',
    instructions: 'Book trips.',
    tools: [
      tool({ name: 'search', parameters, idempotent: true, execute: execute('search') }),
      tool({ name: 'reserve', parameters, execute: execute('reserve') }),
      tool({ name: 'book', parameters, needsApproval: true, execute: execute('book') }),
      tool({ name: 'ask_owner', parameters }),
    ],
  });
}

/** How a call ended, as the model learns it. */
export type Ending = 'done' | 'denied' | 'interrupted' | 'answered';

/** The answer of a run: the ends of its calls, and the steered inputs with the number of times that the model got each. */
export function answerOf(calls: ReadonlyMap<string, Ending>, steered: ReadonlyMap<string, number>): string {
  const lines = [...calls, ...steered].map(([name, value]) => `${name}: ${value}`);
  return lines.toSorted().join('\n');
}

/** The model: it follows the trip in the first message, and then answers with what it has received. */
export const tripScript: Script = ({ items, iterationIndex, outputs }): Iteration => {
  const texts = items.flatMap((item) => (typeof item['content'] === 'string' ? [item['content']] : []));
  const input = texts.find((text) => text.startsWith(beginning)) ?? beginning;
  const trip = z.array(iterationSchema).parse(JSON.parse(input.slice(beginning.length)));
  const iteration = trip[iterationIndex];
  if (iteration === undefined) {
    const ends = Object.entries(outputs).map(([callId, output]) => [callId, endingOf(output)] as const);
    const steered = new Map<string, number>();
    for (const text of texts) {
      const steerId = /^Steer (.*)\.$/.exec(text)?.[1];
      if (steerId !== undefined) steered.set(steerId, (steered.get(steerId) ?? 0) + 1);
    }
    return { text: answerOf(new Map(ends), steered), runMs: 100 };
  }
  const calls = iteration.calls.map(({ name, ms }) => ({
    name,
    callId: callIdOf(iterationIndex, name),
    arguments: { ms },
  }));
  return { reasoning: true, text: 'One moment.', calls, runMs: iteration.runMs };
};

function endingOf(output: unknown): Ending {
  const text = JSON.stringify(output);
  if (text.includes('done')) return 'done';
  if (text.includes('At nine')) return 'answered';
  return /denied|declined/i.test(text) ? 'denied' : 'interrupted';
}
