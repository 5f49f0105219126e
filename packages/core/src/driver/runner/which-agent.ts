import type { Agent } from '../../agent/define-agent.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';

/** The agent that the caller passed or named. */
export function agentOf(which: Agent | string, agents: ReadonlyMap<string, Agent>): Agent {
  if (typeof which !== 'string') {
    if (which?.spec?.name === undefined)
      throw new ConfigurationError('`agent` must come from defineAgent(…).', { option: 'agent' });
    return which;
  }
  const agent = agents.get(which);
  if (agent !== undefined) return agent;
  const known = [...agents.keys()].map((name) => `"${name}"`).join(', ');
  throw new ConfigurationError(
    `There is no agent "${which}". Pass it to createRunner({ agents }). Known: ${known === '' ? 'none' : known}.`,
    { option: 'agent' },
  );
}

/** @throws ConfigurationError if the run belongs to another agent */
export function checkAgent(agent: Agent, name: string, runId: string): void {
  if (agent.name === name) return;
  throw new ConfigurationError(`Run ${runId} belongs to the agent "${name}", not to "${agent.name}".`, {
    option: 'agent',
  });
}
