import type { AgentRef } from '../agent/agent-ref.ts';
import { mustBe } from '../errors/must-be.ts';

/**
 * The reference to an agent of this type: its name and types, without its code. The transforms of its `output` schema run
 * on the server, so results in the page have the output as JSON.
 */
export type AgentRefOf<A extends AgentRef> =
  A extends AgentRef<infer Tools, infer _Output, infer OutputJson, infer Name>
    ? AgentRef<Tools, OutputJson, OutputJson, Name>
    : never;

/**
 * Refers to an agent of a server by its name. Views and results then have the agent's types, and the page does not load
 * the agent's code. Import the agent's type with `import type`. A name that differs from the agent's does not compile.
 *
 * @throws ConfigurationError for an empty name
 * @example
 * import type { support } from '../server/agents';
 *
 * const supportAgent = agentRef<typeof support>('support');
 * const run = runner.start(supportAgent, 'Where is my order?');
 */
export function agentRef<A extends AgentRef>(name: A['name']): AgentRefOf<A>;
export function agentRef(name: string): AgentRef {
  mustBe(typeof name === 'string' && name !== '', 'agentRef', 'name', 'a string that is not empty');
  return Object.freeze({ name });
}
