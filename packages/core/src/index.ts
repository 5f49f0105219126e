export type { ContextOf, OutputJsonOf, OutputOf, RunViewOf, ToolCallOf } from './agent/agent-types.ts';
export type { AgentRef } from './agent/agent-ref.ts';
export type { AgentTool, HostedTool } from './agent/collect-tools.ts';
export { customTool, type CustomToolOptions } from './agent/custom-tool.ts';
export {
  defineAgent,
  type Agent,
  type AgentOptions,
  type PrepareRequestContext,
} from './agent/define-agent.ts';
export { tool, type ApprovalContext, type Tool, type ToolContext, type ToolOptions } from './agent/tool.ts';
export { fetchClient, type FetchClientOptions } from './client/fetch-client.ts';
export type { RequestOptions, ResponsesClient } from './client/responses-client.ts';
export type { Clock } from './clock/clock.ts';
export { createRunner } from './driver/runner/create-runner.ts';
export type { PollingContext } from './driver/loop-setup.ts';
export type { RunnerOptions } from './driver/runner/runner-options.ts';
export type { AgentSpec } from './engine/agent-spec.ts';
export type { Decision } from './engine/decision.ts';
export type { PollingOptions } from './engine/policy/poll-delay.ts';
export type { RunLimits } from './engine/run-policy.ts';
export { applyEvent } from './engine/view/apply-event.ts';
export { emptyView } from './engine/view/empty-view.ts';
export type { RunEvent, RunEventBody, RunEventType } from './engine/view/run-event.ts';
export {
  isSettledCall,
  isTerminalRun,
  type AttemptView,
  type ErrorView,
  type HiddenCall,
  type ItemView,
  type IterationView,
  type PartialImage,
  type RunDriver,
  type RunStatus,
  type RunView,
  type SettledCallStatus,
  type SteeredInput,
  type TerminalRunStatus,
  type ToolCallStatus,
  type ToolCallView,
  type WaitingView,
  type WarningView,
} from './engine/view/run-view.ts';
export { ConfigurationError } from './errors/configuration-error.ts';
export { DecisionError } from './errors/decision-error.ts';
export { LonghaulError } from './errors/longhaul-error.ts';
export { SnapshotError } from './errors/snapshot-error.ts';
export { StoreError } from './errors/store-error.ts';
export type {
  Annotation,
  AnnotationPlace,
  ContainerFileCitation,
  FileCitation,
  OtherAnnotation,
  UrlCitation,
} from './parts/annotation.ts';
export { fileInput, type FileInput, type FileInputOptions } from './parts/file-input.ts';
export type { HostedToolName } from './parts/hosted-tool-name.ts';
export { inputParts } from './parts/input-parts.ts';
export type {
  ErrorPart,
  FilePart,
  HostedToolPart,
  ImagePart,
  InputPart,
  MessagePart,
  OtherPart,
  Part,
  PartBase,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolPart,
} from './parts/part.ts';
export { viewParts } from './parts/view-parts.ts';
export { randomId } from './run/random-id.ts';
export { RunCancelledError } from './run/run-error.ts';
export { RunError } from './run/run-error.ts';
export { RunConfigurationError } from './run/run-configuration-error.ts';
export { RunFailedError } from './run/run-error.ts';
export { RunIncompleteError } from './run/run-error.ts';
export { RunLimitError } from './run/run-error.ts';
export type {
  CallLease,
  ContextRequest,
  DrivenRun,
  DrivingRunner,
  DrivingDeleteOptions,
  DrivingStartOptions,
  NoContext,
} from './run/driving-runner.ts';
export type { RespondOptions, Run, RunResult, SteerOptions } from './run/run.ts';
export type { RunInput } from './run/run-input.ts';
export type { DeleteOptions, ResumeOptions, Runner, RunSummary, StartOptions } from './run/runner.ts';
export { summaryOfView } from './run/summary-of-view.ts';
export type { InferInput, InferOutput, JsonSchemaSource, SchemaSource } from './schema/tool-schema.ts';
export { memoryStore } from './store/memory-store.ts';
export type {
  InboxMessage,
  ReceivedMessage,
  RunCommit,
  RunFilter,
  RunHead,
  RunLook,
  RunNotice,
  RunSnapshot,
  RunStore,
  ThreadFilter,
  ThreadRun,
  ThreadSummary,
  UndrivenRun,
} from './store/run-store.ts';
export type { InputItem, OutputItem, ToolOutput } from './wire/items.ts';
export type { Usage } from './wire/usage.ts';
