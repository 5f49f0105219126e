import { useState } from 'react';
import type { ThreadTurn } from '../thread/thread-turn.ts';
import type { AgentThreadResult } from '../thread/use-agent-thread.ts';

interface Shown {
  readonly threadId: string | undefined;
  readonly turns: readonly ThreadTurn[];
}

function isSame(a: readonly ThreadTurn[], b: readonly ThreadTurn[]): boolean {
  return a.length === b.length && a.every((turn, index) => turn === b[index]);
}

/**
 * The turns of the thread, as the same array while they are the same turns. While another branch loads, the turns of the
 * branch that was shown before.
 */
export function useShownTurns({
  threadId,
  turns,
  isLoading,
}: Pick<AgentThreadResult, 'threadId' | 'turns' | 'isLoading'>): readonly ThreadTurn[] {
  const [shown, setShown] = useState<Shown>({ threadId, turns });
  const isSameThread = shown.threadId === threadId;
  if (isSameThread && (isSame(shown.turns, turns) || (isLoading && turns.length === 0))) return shown.turns;
  setShown({ threadId, turns });
  return turns;
}
