import type { Iteration, ScriptRequest } from '@longhaul/core/testing';
import type { ScenarioId } from '../../src/scenarios/scenario.ts';
import { scenarios } from '../../src/scenarios/scenarios.ts';
import type { ModelScript } from './script-step.ts';
import { freeTask } from './scripts/free.ts';
import { longHaul } from './scripts/long.ts';
import { recover } from './scripts/mistake.ts';
import { keepNote } from './scripts/note.ts';
import { odds } from './scripts/odds.ts';
import { inspectPage } from './scripts/page.ts';
import { rainier } from './scripts/rainier.ts';
import { freeShopTask } from './scripts/shop/free.ts';
import { lookAtBrowser } from './scripts/shop/look.ts';
import { sendOffer } from './scripts/shop/offer.ts';
import { reportSales } from './scripts/shop/sales.ts';
import { compareYears } from './scripts/shop/years.ts';
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
  sales: reportSales,
  offer: sendOffer,
  look: lookAtBrowser,
  years: compareYears,
};

/** Whether the request comes from the agent on the server. */
function isShop({ body }: ScriptRequest): boolean {
  const { tools } = body;
  return (
    Array.isArray(tools) &&
    tools.some(
      (tool) => typeof tool === 'object' && tool !== null && 'name' in tool && tool.name === 'query_orders',
    )
  );
}

/** Tools whose output may be plain text: a person's answer, or a denial. */
const decidedByPerson: ReadonlySet<string> = new Set(['ask_person', 'save_note', 'send_offer']);

/** Calls tools again whose results are missing, for example after a cancelled run was continued. */
function repeat(calls: readonly AnsweredCall[]): Iteration {
  return {
    summary: ['**Results are missing**\n\nSome tools did not finish, so I call them again.'],
    calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) })),
  };
}

/** Adds times like those of a real model, which thinks for a second or two and writes about 100 characters per second. */
function timed(iteration: Iteration, pace: number): Iteration {
  const thinkingMs = iteration.summary === undefined ? 1_200 : 2_200;
  const { queuedMs = 1_600, runMs = thinkingMs + (iteration.text?.length ?? 0) * 9 } = iteration;
  return { ...iteration, queuedMs: queuedMs * pace, runMs: runMs * pace };
}

/**
 * Returns the next iteration of the simulated model. It recognizes the page's tasks by their prompts, and has a default
 * script for other tasks.
 *
 * @param pace Factor for all times. 1 corresponds to a real model.
 */
export function simulatedModel(request: ScriptRequest, pace: number): Iteration {
  const turn = readTurn(request);
  const onServer = isShop(request);
  const known = scenarios[onServer ? 'server' : 'page'].find(({ prompt }) => prompt === turn.task.trim());
  const script = known !== undefined ? scripts[known.id] : onServer ? freeShopTask : freeTask;
  const again = turn.failed.filter(({ name }) => !decidedByPerson.has(name));
  // One of the scripts makes a mistake on purpose and corrects it.
  if (again.length > 0 && script !== recover) return timed(repeat(again), pace);
  const step = script[Math.min(turn.step, script.length - 1)];
  return timed(withSteered(step?.(turn) ?? { text: 'The task is done.' }, turn.steered), pace);
}

/** Says at the end of the answer what the person has added. The scripts cannot change what they do. */
function withSteered(iteration: Iteration, steered: readonly string[]): Iteration {
  if (iteration.text === undefined || steered.length === 0) return iteration;
  const added = steered.map((text) => `> ${text.replaceAll('\n', ' ')}`).join('\n>\n');
  const note =
    'I received this with the results of my tools. I am simulated, so it does not change my answer.';
  return { ...iteration, text: `${iteration.text}\n\nYou added while I worked:\n\n${added}\n\n${note}` };
}
