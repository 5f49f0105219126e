import type { AgentRef } from '@longhaul/core';
import { useState } from 'react';
import type { ThreadTurn } from './tree/thread-turn.ts';

interface Shown<A extends AgentRef> {
  readonly threadId: string | undefined;
  readonly turns: readonly ThreadTurn<A>[];
}

function isSame(a: readonly ThreadTurn[], b: readonly ThreadTurn[]): boolean {
  return a.length === b.length && a.every((turn, index) => turn === b[index]);
}

/**
 * The turns of a thread, as the same array while they are the same turns. While another branch loads, the turns of the
 * branch that was shown before.
 */
export function useShownTurns<A extends AgentRef>(
  threadId: string | undefined,
  loaded: readonly ThreadTurn<A>[],
  isLoading: boolean,
): readonly ThreadTurn<A>[] {
  const [shown, setShown] = useState<Shown<A>>({ threadId, turns: loaded });
  const isSameThread = shown.threadId === threadId;
  const stays = isSame(shown.turns, loaded) || (isLoading && loaded.length === 0);
  if (isSameThread && stays) return shown.turns;
  setShown({ threadId, turns: loaded });
  return loaded;
}
