import type { Agent, Runner } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import type { Connection } from './connection.ts';
import { openRunner } from './open-runner.ts';

/** Runs survive reloads here, and tabs share them: one drives, the others follow. */
const store = indexedDbStore({ name: 'longhaul-demo' });

let current: { readonly runner: Runner; readonly connection: Connection } | undefined;

/**
 * The page's one runner. Another connection means another runner: the one before lets go of its runs, and the new one
 * takes them up where they stand.
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

// A hot update of this module would leave two runners on the same runs.
import.meta.hot?.dispose(() => void current?.runner.close({ graceMs: 0 }));
