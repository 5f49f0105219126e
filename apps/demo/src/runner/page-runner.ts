import type { Agent, Runner } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import type { Connection } from './connection.ts';
import { openRunner } from './open-runner.ts';

/** Keeps runs after a reload. Tabs share the runs: one tab drives a run, the others follow it. */
const store = indexedDbStore({ name: 'longhaul-demo' });

let current: { readonly runner: Runner; readonly connection: Connection } | undefined;

/**
 * The page's runner. A change of the connection mode creates a new runner: the old runner detaches its runs, and the new
 * one resumes them.
 */
export function pageRunner(agent: Agent, connection: Connection): Runner {
  if (current?.connection === connection) return current.runner;
  const before = current?.runner;
  const runner = openRunner({ agent, store, connection });
  current = { runner, connection };
  void takeOver(before, runner);
  return runner;
}

async function takeOver(before: Runner | undefined, runner: Runner): Promise<void> {
  await before?.close({ graceMs: 2_000 });
  await runner.resumeAll();
}

// A hot update of this module would create a second runner for the same runs.
import.meta.hot?.dispose(() => void current?.runner.close({ graceMs: 0 }));
