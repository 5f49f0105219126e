import type { Agent } from '../../agent/define-agent.ts';
import { initialState } from '../../engine/initial-state.ts';
import type { DrivingStartOptions } from '../../run/driving-runner.ts';
import type { RunInput } from '../../run/run-input.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { copyOfInput } from '../../run/run-input.ts';
import { randomId } from '../../run/random-id.ts';
import { runPolicy, type RunnerOptions } from './runner-options.ts';

/** The state of a new run, which is not saved yet. `at`: milliseconds since the epoch. */
export function newRun(
  agent: Agent,
  input: RunInput,
  options: DrivingStartOptions,
  runner: RunnerOptions,
  at: number,
): RunSnapshot {
  const { runId = randomId(), owner, metadata, untrusted, requestHash, limits } = options;
  const { continueFrom: continues, threadId, title } = options;
  const policy = runPolicy(runner, limits);
  const given = copyOfInput('start', input);
  const optional = defined({
    ...{ metadata, limits, owner, untrusted, requestHash },
    ...{ continues, threadId, title: title?.toWellFormed() },
  });
  const state = initialState(agent, given, { runId, at, policy, ...optional });
  return { head: { ...state, commitId: randomId() }, items: [] };
}
