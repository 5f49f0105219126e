import * as fc from 'fast-check';
import type { AgentSpec } from '../../src/engine/agent-spec.ts';
import type { Continuation } from '../../src/engine/engine-event.ts';
import { defaultPolicy, type RunPolicy } from '../../src/engine/run-policy.ts';
import type { InputItem } from '../../src/wire/items.ts';

/** The inputs of a run: an agent, the runner's policy, an input. They belong to the caller and are not frozen. */
export interface RunSetup {
  readonly spec: AgentSpec;
  readonly policy: RunPolicy;
  readonly input: readonly InputItem[];
  readonly continuation: Continuation | undefined;
  /** The conversation before the run, which the run loads only for a replay. */
  readonly history: readonly InputItem[];
}

const names = ['unsafe', 'safe', 'asks', 'external', 'broken'];

/** The properties that vary between runs, in a compact form, so that counterexamples are readable. */
export interface Choice {
  readonly background: boolean;
  readonly mode: RunPolicy['mode'];
  readonly continuation: RunPolicy['continuation'];
  readonly onUnknownCreate: RunPolicy['onUnknownCreate'];
  readonly maxIterations: number;
  readonly toolConcurrency: number;
  readonly consecutiveToolErrors: number;
  readonly totalTokens: number | null;
  readonly store: boolean | undefined;
  readonly toolChoice: 'required' | 'none' | undefined;
  readonly prepares: boolean;
  readonly structured: boolean;
  /** Whether the server kept the responses of the earlier run that this run continues. Undefined: it continues none. */
  readonly continues: 'kept' | 'not kept' | undefined;
}

/** All kinds of runs, with limits small enough to be reached. */
export const choices: fc.Arbitrary<Choice> = fc.record<Choice>({
  background: fc.constantFrom(true, true, true, false),
  mode: fc.constantFrom('poll', 'auto', 'stream'),
  continuation: fc.constantFrom('auto', 'chain', 'replay'),
  onUnknownCreate: fc.constantFrom('retry', 'fail'),
  maxIterations: fc.constantFrom(5, 5, 5, 2, 1),
  toolConcurrency: fc.constantFrom(8, 1),
  consecutiveToolErrors: fc.constantFrom(5, 1),
  totalTokens: fc.constantFrom(null, null, 12),
  store: fc.constantFrom(undefined, false, true),
  toolChoice: fc.constantFrom(undefined, 'required', 'none'),
  prepares: fc.constantFrom(false, true),
  structured: fc.constantFrom(false, true),
  continues: fc.constantFrom(undefined, 'kept', 'not kept'),
});

export function setupOf(choice: Choice): RunSetup {
  const { background, maxIterations, prepares, structured, store, toolChoice, continues, ...rules } = choice;
  const tools = names.map((name) => ({ type: 'function', name, parameters: {}, strict: true }));
  return {
    spec: {
      name: 'agent',
      model: 'gpt-6-astra',
      instructions: 'Be brief.',
      tools,
      background,
      maxIterations,
      request: {
        ...(store === undefined ? {} : { store }),
        ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
        reasoning: { effort: 'low' },
      },
      prepares,
      structured,
    },
    policy: { ...defaultPolicy, ...rules, runMs: 3_600_000, queuedMs: 600_000 },
    input: [{ role: 'user', content: 'Hello' }],
    continuation: continues === undefined ? undefined : continuation(continues === 'kept'),
    history: continues === undefined ? [] : history,
  };
}

const history: readonly InputItem[] = [
  { role: 'user', content: 'Before' },
  { type: 'function_call', call_id: 'call_before', name: 'unsafe', arguments: '{}' },
];

/** The continuation of an earlier run whose last completed response has an open call. */
function continuation(kept: boolean): Continuation {
  return {
    threadId: 'run_0',
    hasHistory: true,
    lead: [{ type: 'function_call_output', call_id: 'call_before', output: 'The call was not run.' }],
    previousResponseId: 'resp_before',
    stored: kept ? null : false,
  };
}
