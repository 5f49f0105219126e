import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  ConfigurationError,
  createRunner,
  customTool,
  defineAgent,
  fetchClient,
  memoryStore,
  tool,
  type Agent,
} from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { traceRuns } from '../../src/otel/trace-runs.ts';
import { memoryStorage } from '../../src/server/limits/memory-storage.ts';
import { createEmulator, manualClock, runStoreConformance } from '../../src/testing/index.ts';
import { indexedDbStore } from '../../src/web/indexed-db-store.ts';

const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: () => new Promise(() => undefined) });
const parameters = z.object({});
const agent = defineAgent({ name: 'a', model: 'm' });

/** Calls a function without type checks, as a script in plain JavaScript does. */
function calledWith(define: (...args: never[]) => unknown, ...args: readonly unknown[]): () => unknown {
  return () => Reflect.apply(define, undefined, args);
}

const toolWith = (options: object) => calledWith(tool, { name: 't', parameters, ...options });
const agentWith = (options: object) => calledWith(defineAgent, { name: 'a', model: 'm', ...options });
const runnerWith = (options: object) => calledWith(createRunner, { client, ...options });
const startWith = (options: unknown) => {
  const runner = createRunner({ client });
  return calledWith(runner.start.bind(runner), agent, 'Hi', options);
};
const sqliteWith = (options: object) => calledWith(sqliteStore, options);
const emulatorWith = (options: object) => calledWith(createEmulator, { script: [], ...options });
const clientWith = (options: object) => calledWith(fetchClient, { baseURL: '/v1', ...options });

function pairs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key_${index}`, 'value']));
}

test.each<[option: string, define: () => unknown]>([
  ['name', toolWith({ name: 'two words' })],
  ['name', toolWith({ name: 'x'.repeat(65) })],
  ['name', toolWith({ name: undefined })],
  ['description', toolWith({ description: 5 })],
  ['execute', toolWith({ execute: 'now' })],
  ['needsApproval', toolWith({ needsApproval: 'yes' })],
  ['timeoutMs', toolWith({ timeoutMs: 0 })],
  ['timeoutMs', toolWith({ timeoutMs: Number.POSITIVE_INFINITY })],
  ['idempotent', toolWith({ idempotent: 1 })],
  ['strict', toolWith({ strict: 'no' })],
  ['parameters', toolWith({ parameters: z.array(z.string()) })],
  ['parameters', toolWith({ parameters: { type: 'object' } })],
  ['parameters', toolWith({ parameters: undefined })],
  ['parameters', toolWith({ parameters: { jsonSchema: { type: 'object', properties: {} }, validate: 5 } })],
  ['name', calledWith(customTool, { execute: () => 'ok' })],
  ['name', agentWith({ name: '' })],
  ['model', agentWith({ model: undefined })],
  ['instructions', agentWith({ instructions: ['Be brief.'] })],
  ['tools', agentWith({ tools: {} })],
  ['tools', agentWith({ tools: null })],
  ['tools[0]', agentWith({ tools: ['web_search'] })],
  ['tools[0]', agentWith({ tools: [{ type: 'function', name: 'f' }] })],
  ['tools[0]', agentWith({ tools: [{ type: 'namespace', name: 'n', description: '', tools: [] }] })],
  ['tools[0]', agentWith({ tools: [{ type: 'web_search', limit: 1n }] })],
  ['name', agentWith({ tools: [{ type: 'custom' }] })],
  ['background', agentWith({ background: 'yes' })],
  ['output', agentWith({ output: z.string() })],
  ['request', agentWith({ request: 'fast' })],
  ['request.background', agentWith({ request: { background: false } })],
  ['request.stream', agentWith({ request: { stream: true } })],
  ['request.previous_response_id', agentWith({ request: { previous_response_id: 'resp_1' } })],
  ['request.input', agentWith({ request: { input: 'Hi' } })],
  ['request.metadata', agentWith({ request: { metadata: 'text' } })],
  ['request.metadata.n', agentWith({ request: { metadata: { n: 5 } } })],
  ['request.metadata', agentWith({ request: { metadata: pairs(15) } })],
  ['maxIterations', agentWith({ maxIterations: 0 })],
  ['maxIterations', agentWith({ maxIterations: 1.5 })],
  ['prepareRequest', agentWith({ prepareRequest: {} })],
  ['client', runnerWith({ client: undefined })],
  ['client', runnerWith({ client: {} })],
  ['agents', runnerWith({ agents: [null] })],
  ['agents', runnerWith({ agents: { a: agent } })],
  ['store', runnerWith({ store: {} })],
  ['mode', runnerWith({ mode: 'push' })],
  ['continuation', runnerWith({ continuation: 'new' })],
  ['onUnknownCreate', runnerWith({ onUnknownCreate: 'ask' })],
  ['polling', runnerWith({ polling: 1_000 })],
  ['polling.minMs', runnerWith({ polling: { minMs: -1 } })],
  ['polling.minMs', runnerWith({ polling: { minMs: 5, maxMs: 3 } })],
  ['limits', runnerWith({ limits: null })],
  ['limits.runMs', runnerWith({ limits: { runMs: '5' } })],
  ['tools', runnerWith({ tools: 5 })],
  ['tools.concurrency', runnerWith({ tools: { concurrency: 0 } })],
  ['tools.timeoutMs', runnerWith({ tools: { timeoutMs: Number.NaN } })],
  ['clock', runnerWith({ clock: Date })],
  ['random', runnerWith({ random: 0.5 })],
  ['options', startWith(null)],
  ['runId', startWith({ runId: '' })],
  ['owner', startWith({ owner: '' })],
  ['owner', startWith({ owner: 5 })],
  ['owner', startWith({ owner: null })],
  ['owner', startWith({ owner: 'x'.repeat(513) })],
  ['metadata', startWith({ metadata: 'text' })],
  ['metadata.n', startWith({ metadata: { n: 5 } })],
  ['metadata', startWith({ metadata: pairs(15) })],
  ['limits.queuedMs', startWith({ limits: { queuedMs: 0 } })],
  ['signal', startWith({ signal: {} })],
  ['continueFrom', startWith({ continueFrom: 5 })],
  ['options', calledWith(sqliteStore, 'runs.db')],
  ['path', sqliteWith({})],
  ['path', sqliteWith({ path: '' })],
  ['busyTimeoutMs', sqliteWith({ path: ':memory:', busyTimeoutMs: Number.NaN })],
  ['synchronous', sqliteWith({ path: ':memory:', synchronous: 'off' })],
  ['clock', sqliteWith({ path: ':memory:', clock: Date })],
  ['clock', calledWith(memoryStore, { clock: 5 })],
  ['name', calledWith(indexedDbStore, { name: 5 })],
  ['script', emulatorWith({ script: 'Hi.' })],
  ['queuedMs', emulatorWith({ queuedMs: '20' })],
  ['runMs', emulatorWith({ runMs: Number.NaN })],
  ['keepRequests', emulatorWith({ keepRequests: -1 })],
  ['seed', emulatorWith({ seed: Number.POSITIVE_INFINITY })],
  ['models', emulatorWith({ models: 'm' })],
  ['webhooks', emulatorWith({ webhooks: 'https://example.test' })],
  ['faults', emulatorWith({ faults: {} })],
  ['faults[0].status', emulatorWith({ faults: [{ fault: 'http', status: 'x' }] })],
  ['faults[0].times', emulatorWith({ faults: [{ fault: 'http', times: '2' }] })],
  ['faults[0].status', emulatorWith({ faults: [{ fault: 'foreign-answer' }] })],
  ['faults[0].fault', emulatorWith({ faults: [{ fault: 'no-such-fault' }] })],
  ['faults[1].on', emulatorWith({ faults: [{ fault: 'crlf' }, { fault: 'reset', on: 'post' }] })],
  ['fault', calledWith(createEmulator({ script: [] }).inject, 'reset')],
  ['baseURL', clientWith({ baseURL: undefined })],
  ['fetch', clientWith({ fetch: 'global' })],
  ['apiKey', clientWith({ apiKey: 5 })],
  ['headers', clientWith({ headers: 'x-session: 5' })],
  ['maxCharacters', calledWith(memoryStorage, { maxCharacters: 0 })],
  ['startAt', calledWith(manualClock, 'now')],
  ['tracer', calledWith(traceRuns, createRunner({ client }), { tracer: {} })],
])('an invalid `%s` throws a ConfigurationError with the option’s name', (option, define) => {
  expect(define).toThrow(ConfigurationError);
  expect(define).toThrow(expect.objectContaining({ code: 'configuration', option }));
});

describe('a misspelt option is rejected, and the message lists the valid ones', () => {
  test.each<[option: string, known: string, define: () => unknown]>([
    ['exec', 'execute', toolWith({ exec: () => 'ok' })],
    ['toolz', 'tools', agentWith({ toolz: [] })],
    ['pollling', 'polling', runnerWith({ pollling: {} })],
    ['polling.min', 'minMs', runnerWith({ polling: { min: 5 } })],
    ['limits.maxMs', 'runMs', runnerWith({ limits: { maxMs: 5 } })],
    ['tools.parallel', 'concurrency', runnerWith({ tools: { parallel: 5 } })],
    ['runid', 'runId', startWith({ runid: 'r' })],
    ['apikey', 'apiKey', clientWith({ apikey: 'sk-test' })],
    ['file', 'path', sqliteWith({ file: 'runs.db' })],
    ['database', 'name', calledWith(indexedDbStore, { database: 'runs' })],
    ['queueMs', 'queuedMs', emulatorWith({ queueMs: 5 })],
    ['faults[0].itteration', 'iteration', emulatorWith({ faults: [{ fault: 'reset', itteration: 2 }] })],
    ['faults[0].status', 'times', emulatorWith({ faults: [{ fault: 'crlf', status: 500 }] })],
    ['characters', 'maxCharacters', calledWith(memoryStorage, { characters: 5 })],
    ['opens', 'open', calledWith(runStoreConformance, { opens: memoryStore })],
    ['patience', 'patienceMs', calledWith(manualClock, 0, { patience: 5 })],
    ['trace', 'tracer', calledWith(traceRuns, createRunner({ client }), { trace: {} })],
    ['limits.tokens', 'totalTokens', startWith({ limits: { tokens: 5 } })],
  ])('%s', (option, known, define) => {
    expect(define).toThrow(expect.objectContaining({ code: 'configuration', option }));
    expect(define).toThrow(known);
  });
});

test('an optional option may be undefined', () => {
  const undefineds = (names: string): object =>
    Object.fromEntries(names.split(' ').map((name) => [name, undefined]));
  expect(
    toolWith(undefineds('description execute needsApproval timeoutMs idempotent strict x')),
  ).not.toThrow();
  expect(
    agentWith(undefineds('instructions tools background output request maxIterations prepareRequest')),
  ).not.toThrow();
  const rest = 'agents store mode continuation polling limits onUnknownCreate tools clock random';
  expect(runnerWith(undefineds(rest))).not.toThrow();
  expect(runnerWith({ limits: { runMs: undefined }, polling: { minMs: undefined } })).not.toThrow();
  expect(startWith(undefineds('runId owner metadata context limits signal continueFrom'))).not.toThrow();
});

test('valid options of tools, agents, runners and runs are accepted', () => {
  const everything = {
    name: 't',
    description: 'd',
    parameters,
    execute: () => 'ok',
    needsApproval: true,
    timeoutMs: 5,
    idempotent: true,
    strict: true,
  };
  const all: Agent = defineAgent({
    name: 'all',
    model: 'm',
    instructions: 'Be brief.',
    tools: [tool(everything), customTool({ name: 'c', format: { type: 'text' } })],
    background: false,
    output: z.object({ answer: z.string() }),
    request: { metadata: pairs(10) },
    maxIterations: 3,
    prepareRequest: () => undefined,
  });
  const runner = createRunner({
    client,
    agents: [all],
    store: memoryStore(),
    mode: 'poll',
    continuation: 'replay',
    polling: { minMs: 1, maxMs: 2, fraction: 0.5 },
    limits: { runMs: 1, queuedMs: 1, streamIdleMs: 1, consecutiveToolErrors: 1, totalTokens: 1 },
    onUnknownCreate: 'fail',
    tools: { concurrency: 1, timeoutMs: 1 },
    clock: { now: () => 0, sleep: () => new Promise(() => undefined) },
    random: () => 0,
  });
  const { signal } = new AbortController();
  const options = {
    runId: 'r',
    owner: 'x'.repeat(512),
    metadata: pairs(4),
    context: {},
    limits: { runMs: 5 },
    signal,
  };
  expect(runner.start(all, 'Hi', options).id).toBe('r');
  expect(runner.start(all, 'Hi', { continueFrom: 'r' }).id).not.toBe('r');
});

test('a run’s limit that is undefined keeps the runner’s limit', () => {
  const runner = createRunner({ client, limits: { runMs: 5 } });
  const limits = { runMs: undefined };
  const run = Reflect.apply(runner.start.bind(runner), undefined, [agent, 'Hi', { limits }]);
  expect(run.snapshot().head.policy.runMs).toBe(5);
});
