import { deepFreeze } from '../wire/deep-freeze.ts';
import { wellFormedCopy } from '../wire/well-formed.ts';
import { specOf, type AgentLike } from './agent-spec.ts';
import { buildCreate } from './build-create.ts';
import type { IterationRequest } from './iteration-request.ts';
import type { RunState } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';

/**
 * Builds the request of the run's phase from the state, the agent and the saved items only. Each call returns a new,
 * deep-frozen object (I1).
 *
 * @throws Error in a phase that has no request. In such a phase the engine asks for no effect that sends one.
 * @example const items = effects.flatMap((effect) => (effect.type === 'save' ? effect.append : []));
 */
export function buildRequest(
  state: RunState,
  agent: AgentLike,
  items: readonly StoredItem[] = [],
): IterationRequest {
  const { phase } = state;
  if (phase.type === 'creating')
    return deepFreeze({ kind: 'create', body: wellFormedCopy(buildCreate(state, specOf(agent), items)) });
  if (phase.type === 'waiting') {
    const { pending, mode, cursor } = phase;
    const stream = mode === 'stream';
    const startingAfter = stream && cursor !== null ? { startingAfter: cursor } : {};
    return deepFreeze({ kind: 'retrieve', responseId: pending.responseId, stream, ...startingAfter });
  }
  if (phase.type === 'cancelling' && phase.pending !== null) {
    const { responseId } = phase.pending;
    if (phase.stage === 'confirming') return deepFreeze({ kind: 'retrieve', responseId, stream: false });
    return deepFreeze({ kind: 'cancel', responseId });
  }
  throw new Error(`Run ${state.runId} has nothing to send while it is ${phase.type}.`);
}
