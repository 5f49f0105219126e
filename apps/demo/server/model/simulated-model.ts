import type { Iteration, ScriptRequest } from '@longhaul/core/testing';
import { scenarios, type ScenarioId } from '../../src/scenarios/scenarios.ts';
import type { ModelScript } from './script-step.ts';
import { freeTask } from './scripts/free.ts';
import { longHaul } from './scripts/long.ts';
import { recover } from './scripts/mistake.ts';
import { keepNote } from './scripts/note.ts';
import { odds } from './scripts/odds.ts';
import { inspectPage } from './scripts/page.ts';
import { rainier } from './scripts/rainier.ts';
import { planTogether } from './scripts/together.ts';
import { readTurn, type AnsweredCall } from './turn.ts';

const scripts: Readonly<Record<ScenarioId, ModelScript>> = {
  rainier,
  odds,
  page: inspectPage,
  note: keepNote,
  together: planTogether,
  mistake: recover,
  long: longHaul,
};

/** What these give may be words: a person's answer, or that it was denied. */
const decidedByPerson: ReadonlySet<string> = new Set(['ask_person', 'save_note']);

/** As a real model would where results are missing, say because a person cancelled the run and carried on. */
function repeat(calls: readonly AnsweredCall[]): Iteration {
  return {
    summary: ['**Results are missing**\n\nNot every tool came to its end, so I ask once more.'],
    calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) })),
  };
}

/** A model of this size thinks for some seconds, and writes about a hundred characters a second. */
function timed(iteration: Iteration, pace: number): Iteration {
  const thinkingMs = iteration.summary === undefined ? 1_200 : 2_200;
  const { queuedMs = 1_600, runMs = thinkingMs + (iteration.text?.length ?? 0) * 9 } = iteration;
  return { ...iteration, queuedMs: queuedMs * pace, runMs: runMs * pace };
}

/**
 * What the emulator answers: the tasks of the page are known by their prompts, any other gets a frank default.
 *
 * @param pace Factor on all times; 1 is that of a real model.
 */
export function simulatedModel(request: ScriptRequest, pace: number): Iteration {
  const turn = readTurn(request);
  const known = scenarios.find(({ prompt }) => prompt === turn.task.trim());
  const script = known === undefined ? freeTask : scripts[known.id];
  const again = turn.failed.filter(({ name }) => !decidedByPerson.has(name));
  // One of the scripts makes its mistake on purpose, and mends it.
  if (again.length > 0 && script !== recover) return timed(repeat(again), pace);
  const step = script[Math.min(turn.step, script.length - 1)];
  return timed(step?.(turn) ?? { text: 'There is nothing left to do.' }, pace);
}
