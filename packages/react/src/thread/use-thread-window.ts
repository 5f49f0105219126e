import { useState } from 'react';
import type { PathTurn } from './tree/thread-tree.ts';

/** The number of turns that are loaded together. */
const turnsAtOnce = 20;

export interface ThreadWindow {
  /** The turns to load: a suffix of the path. */
  readonly turns: readonly PathTurn[];
  loadEarlier(): void;
}

function firstRun(turn: PathTurn | undefined): string | undefined {
  return turn?.version.runs[0]?.runId;
}

/**
 * Selects the turns of a path that are loaded: the last 20 at first. A turn that was loaded stays loaded when others
 * follow it.
 *
 * @param isKnown Whether the path is known from its beginning
 */
export function useThreadWindow(path: readonly PathTurn[], isKnown: boolean): ThreadWindow {
  const [from, setFrom] = useState<string>();
  const at = from === undefined ? -1 : path.findIndex((turn) => firstRun(turn) === from);
  const start = at >= 0 ? at : Math.max(0, path.length - turnsAtOnce);
  const first = firstRun(path[start]);
  if (isKnown && first !== from) setFrom(first);
  return {
    turns: path.slice(start),
    loadEarlier: () => setFrom(firstRun(path[Math.max(0, start - turnsAtOnce)])),
  };
}
