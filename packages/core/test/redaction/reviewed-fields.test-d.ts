import { expectTypeOf, test } from 'vitest';
import type { RunEvent, RunEventType } from '../../src/engine/view/run-event.ts';
import type {
  AttemptView,
  ErrorView,
  ItemView,
  IterationView,
  RunView,
  ToolCallView,
  WaitingView,
  SteeredInput,
  WarningView,
} from '../../src/engine/view/run-view.ts';
import type { RunSummary } from '../../src/run/runner.ts';
import type { ThreadRun, ThreadSummary } from '../../src/store/run-store.ts';

/** `shown`: a page sees the field unchanged. `redacted`: it sees a part of the field, or nothing. */
type Reviewed<Fields> = { readonly [Field in keyof Required<Fields>]: 'shown' | 'redacted' };
type FieldsOf<Union> = Union extends unknown ? Omit<Union, 'type' | 'seq' | 'at'> : never;
type AnyField<Union> = Union extends unknown ? keyof Union : never;
type ReviewedEvents = {
  readonly [Type in RunEventType]: {
    readonly [Field in AnyField<FieldsOf<Extract<RunEvent, { readonly type: Type }>>>]: 'shown' | 'redacted';
  };
};

const shown = 'shown';
const redacted = 'redacted';

// A field that is added to a view or an event does not compile here until it is decided whether a page may see it.
const views = {
  run: {
    ...{ runId: shown, agent: shown, owner: shown, threadId: shown, continues: shown, title: shown },
    ...{ metadata: redacted, untrusted: redacted, steered: redacted },
    ...{ status: shown, input: redacted, text: shown, commentary: shown },
    ...{ agentTexts: shown, output: shown, iteration: shown, items: redacted, iterations: redacted },
    ...{ toolCalls: redacted, waiting: redacted, driver: shown, usage: shown, warnings: redacted },
    ...{ error: redacted, createdAt: shown, updatedAt: shown, halted: shown },
  } satisfies Reviewed<RunView>,
  iteration: {
    ...{ index: shown, responseId: redacted, status: shown, text: shown, agentTexts: shown },
    ...{ toolCallIds: shown, startedAt: shown, endedAt: shown, usage: shown, serviceTier: shown },
    ...{ toolUsage: shown, attempts: redacted },
  } satisfies Reviewed<IterationView>,
  attempt: {
    ...{ responseId: redacted, strategy: shown, status: shown, mode: shown, polls: shown },
    ...{ reconnects: shown, error: redacted },
  } satisfies Reviewed<AttemptView>,
  waiting: {
    ...{ mode: shown, responseId: redacted, responseStatus: shown, attempt: shown, startedAt: shown },
    ...{ lastPolledAt: shown, nextPollAt: shown, lastSequenceNumber: shown, error: redacted },
  } satisfies Reviewed<WaitingView>,
  item: {
    ...{
      iteration: shown,
      outputIndex: shown,
      done: shown,
      item: redacted,
      call: shown,
      partialImage: shown,
    },
  } satisfies Reviewed<ItemView>,
  call: {
    ...{ callId: shown, name: shown, namespace: shown, serverLabel: shown, status: shown },
    ...{ arguments: redacted, rawArguments: redacted, output: redacted, error: redacted },
    ...{ progress: redacted, approvalView: shown, iteration: shown, startedAt: shown, endedAt: shown },
    ...{ decidedBy: shown, leasedUntil: shown },
  } satisfies Reviewed<ToolCallView>,
  steered: { steerId: shown, input: redacted, at: shown, sentIn: shown } satisfies Reviewed<SteeredInput>,
  warning: { code: shown, message: redacted, at: shown } satisfies Reviewed<WarningView>,
  error: {
    ...{ code: redacted, message: redacted, status: shown, param: redacted, misalignment: redacted },
  } satisfies Reviewed<ErrorView>,
};

const pending = { iteration: shown, attempts: redacted, waiting: redacted } as const;
const place = { iteration: shown, outputIndex: shown } as const;
const call = { iteration: shown, callId: shown } as const;
const events = {
  'run.started': {
    ...{ runId: shown, agent: shown, owner: shown, threadId: shown, continues: shown, title: shown },
    ...{ metadata: redacted, untrusted: redacted, input: redacted, status: shown, createdAt: shown },
  },
  'run.owner': { owner: shown },
  'input.steered': { steerId: shown, input: redacted },
  'input.sent': { iteration: shown, steerIds: shown },
  'run.resumed': {},
  'run.status': { status: shown },
  'run.driver': { driver: shown },
  'run.cancelling': { reason: redacted },
  'run.ended': { status: shown, output: shown, error: redacted, usage: shown },
  'iteration.started': {
    ...{ iteration: shown, attempt: shown, strategy: shown, mode: shown, request: redacted },
  },
  'attempt.failed': {
    ...{ iteration: shown, attempt: shown, attempts: redacted, error: redacted, retryAt: shown },
    totalUsage: shown,
  },
  'response.status': { ...pending, responseId: redacted, status: shown },
  poll: pending,
  'stream.connected': pending,
  'stream.dropped': { ...pending, reason: shown, retryAt: shown },
  'text.delta': { ...place, contentIndex: shown, delta: shown },
  'item.delta': { ...place, field: redacted, index: redacted, delta: redacted },
  'item.progress': { ...place, status: shown },
  'item.image': { ...place, image: shown, format: shown },
  'item.added': { ...place, item: redacted, call: shown },
  'item.done': { ...place, item: redacted, call: shown },
  'items.replaced': { iteration: shown, items: redacted },
  'tool.started': { ...call, name: shown, arguments: redacted },
  'tool.progress': { ...call, progress: redacted },
  'tool.settled': {
    ...{ ...call, name: shown, status: shown, arguments: redacted, output: redacted },
    error: redacted,
  },
  'decision.needed': { ...call, name: shown, kind: shown, arguments: redacted, approvalView: shown },
  'decision.made': { ...call, decision: shown, reason: shown, by: shown },
  'tool.leased': { ...call, leasedUntil: shown },
  'iteration.completed': {
    ...{ iteration: shown, responseId: redacted, status: shown, text: shown, agentTexts: shown },
    ...{ toolCallIds: shown, usage: shown, serviceTier: shown, toolUsage: shown, totalUsage: shown },
    ...{ attempts: redacted, error: redacted },
  },
  warning: { code: shown, message: redacted },
  view: { view: redacted },
} as const satisfies ReviewedEvents;

// The answers of the lists.
const lists = {
  run: {
    ...{ runId: shown, agent: shown, owner: shown, threadId: shown, continues: shown, title: shown },
    ...{ metadata: redacted, untrusted: redacted, input: shown, status: shown, revision: shown },
    ...{ usage: shown, createdAt: shown, updatedAt: shown, endedAt: shown, halted: shown },
  } satisfies Reviewed<RunSummary>,
  threadRun: {
    ...{ runId: shown, agent: shown, owner: shown, continues: shown, isRetry: shown, status: shown },
    createdAt: shown,
  } satisfies Reviewed<ThreadRun>,
  thread: {
    ...{ threadId: shown, title: shown, status: shown, updatedAt: shown, runs: shown },
  } satisfies Reviewed<ThreadSummary>,
};

test('it is decided for each field of a view and of an event whether a page sees it', () => {
  expectTypeOf<keyof typeof views.run>().toEqualTypeOf<keyof RunView>();
  expectTypeOf<keyof typeof events>().toEqualTypeOf<RunEventType>();
  expectTypeOf<keyof typeof lists.run>().toEqualTypeOf<keyof RunSummary>();
});
