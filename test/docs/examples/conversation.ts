import type { Agent, Runner, RunView } from '@longhaul/core';

/** Sends the next turn of a conversation. Returns the view of its run, whose id is the `last` of the turn after it. */
export async function say(runner: Runner, agent: Agent, text: string, last?: RunView): Promise<RunView> {
  return await runner.start(agent, text, { continueFrom: last?.runId }).done();
}

/** Asks another question in place of the one of this turn. The turn itself stays in the thread. */
export async function edit(runner: Runner, agent: Agent, text: string, turn: RunView): Promise<RunView> {
  const { continues, threadId } = turn;
  return await runner.start(agent, text, { continueFrom: continues, threadId }).done();
}

/** The conversation so far, as lines. */
export async function transcript(runner: Runner, last: RunView): Promise<string> {
  const before = last.continues === undefined ? undefined : await runner.read(last.continues);
  const earlier = before === undefined ? '' : `${await transcript(runner, before)}\n`;
  return `${earlier}You: ${String(last.input)}\nAgent: ${last.text}`;
}
