export type { AgentLike, AgentSpec } from './agent-spec.ts';
export { buildRequest } from './build-request.ts';
export type { Decision } from './decision.ts';
export { decisionProblem } from './decision-problem.ts';
export type { Effect } from './effect.ts';
export type {
  Assessment,
  CallOutcome,
  Continuation,
  EngineEvent,
  EngineEventBody,
  MessageSource,
  RecordedDecision,
} from './engine-event.ts';
export { initialState, type NewRunOptions } from './initial-state.ts';
export type { IterationRequest } from './iteration-request.ts';
export type { ProcessedMessage } from './message-result.ts';
export { pendingResponseId } from './pending-response.ts';
export type { Failure } from './policy/failure.ts';
export { pollDelay, type PollingOptions } from './policy/poll-delay.ts';
export type { RequestPatch } from './request-patch.ts';
export { defaultPolicy, type RunPolicy } from './run-policy.ts';
export type { CallState, Outcome, PendingResponse, Phase, RunState } from './run-state.ts';
export type { StoredItem } from './stored-item.ts';
export { transition } from './transition.ts';
export { applyEvent } from './view/apply-event.ts';
export { emptyView } from './view/empty-view.ts';
export type { RunEvent, RunEventBody, RunEventType } from './view/run-event.ts';
export type { RunView } from './view/run-view.ts';
export { viewOf } from './view/view-of.ts';
