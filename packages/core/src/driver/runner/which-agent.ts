import type { AgentRef } from '../../agent/agent-ref.ts';
import { defineAgent, type Agent } from '../../agent/define-agent.ts';
import { isObject } from '../../errors/must-be.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';

function isAgent(which: AgentRef): which is Agent {
  return isObject(which) && 'spec' in which && isObject(which.spec);
}

/** The agent that the caller passed or named. */
export function agentOf(which: AgentRef | string, agents: ReadonlyMap<string, Agent>): Agent {
  if (typeof which !== 'string' && isAgent(which)) return which;
  const name = typeof which === 'string' ? which : which?.name;
  if (typeof name !== 'string')
    throw new ConfigurationError('`agent` must come from defineAgent(…).', { option: 'agent' });
  const agent = agents.get(name);
  if (agent !== undefined) return agent;
  const known = [...agents.keys()].map((one) => `"${one}"`).join(', ');
  throw new ConfigurationError(
    `There is no agent "${name}". Pass it to createRunner({ agents }). Known: ${known === '' ? 'none' : known}.`,
    { option: 'agent' },
  );
}

/** The agent of a run that is only shown, if the runner does not have the agent. */
export function agentToShow(name: string): Agent {
  return defineAgent({ name, model: 'none' });
}

/** @throws ConfigurationError if the run belongs to another agent */
export function checkAgent(agent: Agent, name: string, runId: string): void {
  if (agent.name === name) return;
  throw new ConfigurationError(`Run ${runId} belongs to the agent "${name}", not to "${agent.name}".`, {
    option: 'agent',
  });
}
