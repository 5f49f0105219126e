import { expect, test } from 'vitest';
import * as z from 'zod';
import type { AgentTool } from '../../../agent/collect-tools.ts';
import { defineAgent } from '../../../agent/define-agent.ts';
import { tool } from '../../../agent/tool.ts';
import { fetchClient } from '../../../client/fetch-client.ts';
import { createRunner } from '../../../driver/runner/create-runner.ts';
import { anonymous } from '../../principal.ts';
import { createRunsHandler } from '../create-runs-handler.ts';
import { readRunsOptions } from './runs-config.ts';

const agent = defineAgent({ name: 'support', model: 'm' });
const runner = createRunner({
  client: fetchClient({ baseURL: 'http://api.test', fetch: () => Promise.reject(new Error('offline')) }),
  agents: [agent],
});
const options = { runner, agents: ['support'], authorize: () => 'ann' };

test.each([
  ['runner', { runner: {} }],
  ['agents', { agents: [] }],
  ['agents', { agents: ['suport'] }],
  ['agents', { agents: 'support' }],
  ['authorize', { authorize: undefined }],
  ['authorize', { authorize: anonymous }],
  ['may', { may: true }],
  ['input', { input: 'all' }],
  ['limits.startsPerMinute', { limits: { startsPerMinute: 0 } }],
  ['limits.streamMs', { limits: { streamMs: Infinity } }],
  ['limits.starts', { limits: { starts: 1 } }],
  ['showErrors', { showErrors: 'yes' }],
  ['cors.origins', { cors: { origins: ['https://app.test/'] } }],
  ['storage', { storage: {} }],
  ['clock', { clock: {} }],
  ['secret', { secret: 'x' }],
])('rejects an invalid `%s`', (option, wrong) => {
  // @ts-expect-error The options are invalid.
  expect(() => createRunsHandler({ ...options, ...wrong })).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', option }),
  );
});

test('names the agents that the runner has', () => {
  expect(() => createRunsHandler({ ...options, agents: ['other'] })).toThrow(
    'createRunsHandler: `agents` has to contain names of agents that the runner has. Known: "support".',
  );
});

test('rejects an agent whose private tool a page would have to execute, and names the tool', () => {
  const parameters = z.object({});
  const locate = tool({ name: 'locate', parameters, private: true });
  const open = tool({ name: 'open', parameters });
  const inside = { type: 'namespace', name: 'crm', description: 'x', tools: [locate] };
  const runnerOf = (tools: readonly AgentTool[]) =>
    createRunner({
      client: fetchClient({ baseURL: 'http://api.test', fetch: () => Promise.reject(new Error('offline')) }),
      agents: [agent, defineAgent({ name: 'other', model: 'm', tools })],
    });
  const handlerOf = (tools: readonly AgentTool[], agents = ['support', 'other']) =>
    createRunsHandler({ ...options, runner: runnerOf(tools), agents });
  expect(() => handlerOf([open, locate])).toThrow(
    'createRunsHandler: `agents` is invalid: the tool "locate" of the agent "other" is private and has no `execute`. A page would have to answer its calls without their arguments. Give it `execute`, or remove `private`.',
  );
  expect(() => handlerOf([inside])).toThrow('the tool "crm.locate"');
  expect(() => handlerOf([open])).not.toThrow();
  // Visitors cannot start this agent. Its tool is answered by the server's own code.
  expect(() => handlerOf([locate], ['support'])).not.toThrow();
});

test('has defaults for all limits except tokens', () => {
  expect(readRunsOptions({ ...options, limits: { runTokens: 5 } }).limits).toEqual({
    startsPerMinute: 20,
    activeRuns: 8,
    inputBytes: 6_291_456,
    streams: 10,
    streamMs: 600_000,
    heartbeatMs: 15_000,
    runTokens: 5,
    ownerTokensPerDay: Infinity,
  });
});

test('by default, only the owner may use a run', () => {
  const { may } = readRunsOptions({ ...options, authorize: () => ({ id: 'ann' }) });
  const run = { runId: 'run-1', agent: 'support' };
  expect(may({ id: 'ann' }, { ...run, owner: 'ann' }, 'read')).toBe(true);
  expect(may({ id: 'ann' }, { ...run, owner: 'eve' }, 'read')).toBe(false);
});
