import { defined } from '../../wire/defined.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Usage } from '../../wire/usage.ts';
import type { Step } from '../step.ts';

/** How an iteration ended: with the response's final answer, or without one. */
export interface IterationEnd {
  readonly responseId: string | null;
  readonly endedAs?: string;
  readonly status: string;
  readonly usage: Usage;
  /** Whether the server said that it keeps the response. */
  readonly store?: boolean | undefined;
  /** Null where no final answer was seen: what was streamed stays. */
  readonly text: string | null;
  /** Texts of other agents of a multi-agent response, by agent. */
  readonly agentTexts?: Readonly<Record<string, string>> | undefined;
  readonly toolCallIds: readonly string[];
  readonly serviceTier?: string | undefined;
  readonly toolUsage?: JsonObject | undefined;
}

/** Appends an iteration to the run's record, and tells that it is over. */
export function recordIteration(
  step: Step,
  { store, text, agentTexts, toolCallIds, endedAs, serviceTier, toolUsage, ...end }: IterationEnd,
): void {
  const { iteration, iterationStartedAt, attempts, usage: totalUsage, stored, policy } = step.state;
  const ended = { iteration, ...end, ...defined({ serviceTier, toolUsage }), attempts };
  step.save({
    type: 'iteration',
    ...ended,
    ...defined({ endedAs }),
    stored: store ?? stored ?? policy.store ?? true,
    startedAt: iterationStartedAt,
    endedAt: step.at,
  });
  step.emit({
    type: 'iteration.completed',
    ...ended,
    text,
    ...defined({ agentTexts }),
    toolCallIds,
    totalUsage,
  });
}
