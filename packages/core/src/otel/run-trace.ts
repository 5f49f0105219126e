import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { RunEvent } from '../engine/view/run-event.ts';
import type { ErrorView } from '../engine/view/run-view.ts';
import type { Usage } from '../wire/usage.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

function usageAttributes(usage: Usage): Record<string, number> {
  return {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens,
  };
}

function fail(span: Span, error: ErrorView): void {
  span.setAttribute('error.type', error.code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}

/** The spans of one run. Its events start and end them, at the events' times. */
export class RunTrace {
  readonly #tracer: Tracer;
  readonly #runId: string;
  #agent = '';
  #run: Span | undefined;
  #create: Span | undefined;
  /** The error of the current attempt. The span of the attempt fails with it if another attempt follows. */
  #failure: ErrorView | undefined;
  readonly #tools = new Map<string, Span>();

  constructor(tracer: Tracer, runId: string) {
    this.#tracer = tracer;
    this.#runId = runId;
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        return this.#open(event.agent, event.at);
      case 'view':
        // The run was resumed from another process, where it began in another trace.
        return this.#open(event.view.agent, event.at);
      case 'iteration.started':
        return this.#iterationStarted(event);
      case 'attempt.failed':
        return this.#attemptFailed(event);
      case 'response.status':
        this.#create?.setAttribute('gen_ai.response.id', event.responseId);
        this.#create?.addEvent('longhaul.response.status', { status: event.status }, event.at);
        return;
      case 'stream.dropped':
        this.#create?.addEvent('longhaul.stream.dropped', { reason: event.reason }, event.at);
        return;
      case 'iteration.completed':
        return this.#iterationCompleted(event);
      case 'tool.started':
        return this.#toolStarted(event);
      case 'tool.settled':
        return this.#toolSettled(event);
      case 'warning':
        this.#run?.addEvent('longhaul.warning', { code: event.code }, event.at);
        return;
      case 'run.ended':
        return this.#runEnded(event);
      default:
    }
  }

  /** Ends the open spans, because this process receives no later events of the run. */
  end(): void {
    for (const span of this.#tools.values()) span.end();
    this.#tools.clear();
    this.#create?.end();
    this.#create = undefined;
    this.#run?.end();
    this.#run = undefined;
  }

  #open(agent: string, at: number): void {
    if (this.#run !== undefined) return;
    this.#agent = agent;
    this.#run = this.#tracer.startSpan(`invoke_agent ${agent}`, {
      kind: SpanKind.INTERNAL,
      startTime: at,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'openai',
        'gen_ai.agent.name': agent,
        'longhaul.run.id': this.#runId,
      },
    });
  }

  #child(name: string, kind: SpanKind, at: number, attributes: Record<string, string | number>): Span {
    const parent = this.#run === undefined ? context.active() : trace.setSpan(context.active(), this.#run);
    return this.#tracer.startSpan(
      name,
      {
        kind,
        startTime: at,
        attributes: { ...attributes, 'gen_ai.agent.name': this.#agent, 'longhaul.run.id': this.#runId },
      },
      parent,
    );
  }

  #iterationStarted({ request, iteration, attempt, strategy, at }: EventOf<'iteration.started'>): void {
    if (this.#create !== undefined && this.#failure !== undefined) fail(this.#create, this.#failure);
    this.#failure = undefined;
    this.#create?.end(at);
    const model = request?.model;
    this.#create = this.#child(model === undefined ? 'chat' : `chat ${model}`, SpanKind.CLIENT, at, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
      'longhaul.iteration': iteration,
      'longhaul.attempt': attempt,
      'longhaul.strategy': strategy,
    });
  }

  #attemptFailed({ error, retryAt, at }: EventOf<'attempt.failed'>): void {
    this.#failure = error;
    this.#create?.addEvent('longhaul.attempt.failed', { code: error.code, retry: retryAt !== undefined }, at);
  }

  #iterationCompleted({ responseId, status, usage, error, at }: EventOf<'iteration.completed'>): void {
    const span = this.#create;
    this.#create = undefined;
    this.#failure = undefined;
    if (span === undefined) return;
    if (responseId !== null) span.setAttribute('gen_ai.response.id', responseId);
    span.setAttributes({ ...usageAttributes(usage), 'gen_ai.response.finish_reasons': [status] });
    if (status !== 'completed') fail(span, error ?? { code: status, message: `The response is ${status}.` });
    span.end(at);
  }

  #toolStarted({ callId, name, iteration, at }: EventOf<'tool.started'>): void {
    const span = this.#child(`execute_tool ${name}`, SpanKind.INTERNAL, at, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': callId,
      'longhaul.iteration': iteration,
    });
    this.#tools.set(`${iteration}/${callId}`, span);
  }

  #toolSettled({ callId, iteration, status, error, at }: EventOf<'tool.settled'>): void {
    const key = `${iteration}/${callId}`;
    const span = this.#tools.get(key);
    if (span === undefined) return;
    this.#tools.delete(key);
    span.setAttribute('longhaul.tool.status', status);
    if (error !== undefined) fail(span, error);
    span.end(at);
  }

  #runEnded({ status, error, usage, at }: EventOf<'run.ended'>): void {
    for (const span of this.#tools.values()) span.end(at);
    this.#tools.clear();
    this.#create?.end(at);
    this.#create = undefined;
    const span = this.#run;
    this.#run = undefined;
    if (span === undefined) return;
    span.setAttributes({ ...usageAttributes(usage), 'longhaul.run.status': status });
    if (error !== undefined) fail(span, error);
    span.end(at);
  }
}
