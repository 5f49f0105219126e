import type { Decision } from '@longhaul/core';
import { useSyncExternalStore } from 'react';
import * as v from 'valibot';
import { keptTexts, type KeptTexts } from '../storage/kept-texts.ts';

/** A decision that a visitor can make about a call. */
export type VisitorDecision = Exclude<Decision, { readonly type: 'error' }>;

const decisionSchema = v.variant('type', [
  v.object({ type: v.literal('approve'), callId: v.string() }),
  v.object({ type: v.literal('deny'), callId: v.string() }),
  v.object({ type: v.literal('output'), callId: v.string(), output: v.unknown() }),
]);

/** A decision of this tab about a call. */
export interface SentDecision {
  readonly decision: VisitorDecision;
  /** `sending` until the server answers. Then `accepted`, or `failed` with the `problem`. */
  readonly state: 'sending' | 'accepted' | 'failed';
  readonly problem?: string;
}

/** Sends a decision to the runner. Resolves when the decision is accepted. */
export type Decide = (decision: Decision) => Promise<void>;

/** The decisions of this tab, by the id of the call. */
export interface SentDecisions {
  /** The same object until the decision changes. */
  read(callId: string): SentDecision | undefined;
  /** Sends a decision with `decide`, and records its state. */
  send(decision: VisitorDecision, decide: Decide): Promise<void>;
  subscribe(listener: () => void): () => void;
}

const keyOf = (callId: string): string => `longhaul-demo.decision.${callId}`;

/** @param texts Keeps the accepted decisions after a reload. A decision that was not answered may not have arrived */
export function createSentDecisions(texts: KeptTexts): SentDecisions {
  const known = new Map<string, SentDecision | undefined>();
  const listeners = new Set<() => void>();

  function change(sent: SentDecision): void {
    const { callId } = sent.decision;
    known.set(callId, sent);
    texts.write(keyOf(callId), sent.state === 'accepted' ? JSON.stringify(sent.decision) : null);
    for (const listener of listeners) listener();
  }

  function load(callId: string): SentDecision | undefined {
    const text = texts.read(keyOf(callId));
    if (text === null) return undefined;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), decisionSchema), text);
    return parsed.success ? { decision: parsed.output, state: 'accepted' } : undefined;
  }

  return {
    read: (callId) => {
      if (!known.has(callId)) known.set(callId, load(callId));
      return known.get(callId);
    },
    send: async (decision, decide) => {
      change({ decision, state: 'sending' });
      try {
        await decide(decision);
        change({ decision, state: 'accepted' });
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        change({ decision, state: 'failed', problem });
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The decisions of this tab. Another tab does not know them until the view of the run shows them. */
export const sentDecisions: SentDecisions = createSentDecisions(keptTexts(() => sessionStorage));

export function useSentDecision(callId: string): SentDecision | undefined {
  return useSyncExternalStore(sentDecisions.subscribe, () => sentDecisions.read(callId));
}
