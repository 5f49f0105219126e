import type { Runner, RunResult } from '@longhaul/core';
import type { AgentRefOf } from '@longhaul/core/remote';
import { useMutation } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { onAServer, places } from '../test-support/places.ts';
import { renderAgentRun } from '../test-support/render-agent-run.tsx';
import { wrapperOf } from '../test-support/render.tsx';
import type { Site } from '../test-support/site.ts';
import { outputOf, support, supportModel } from '../test-support/support-agent.ts';
import { cancelRunMutationOptions } from './cancel-run-mutation-options.ts';
import { respondMutationOptions } from './respond-mutation-options.ts';
import { startRunMutationOptions } from './start-run-mutation-options.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';
import { useToolCall } from './use-tool-call.ts';

afterEach(cleanup);

describe.each(places)('decisions about a run $name', (place) => {
  const agent = place.refer(support);
  const open = (): Promise<Site> => place.open({ agents: [support], script: supportModel });

  /** A page that shows a run which waits for a decision. */
  async function waiting(input: string) {
    const site = await open();
    const results: RunResult<AgentRefOf<typeof support>>[] = [];
    const reports: string[] = [];
    const { result } = renderAgentRun(site.openPage(), {
      agent,
      onSuccess: (one) => void results.push(one),
      onSettled: (_result, error) => void reports.push(`settled ${error?.code ?? 'well'}`),
      onToolCall: ({ name }) => void reports.push(`call ${name}`),
    });
    act(() => void result.current.start(input, { runId: 'r' }));
    await site.until(() => expect(result.current.status).toBe('requires_action'));
    /** Makes a decision, while time passes. */
    const decide = (decision: () => Promise<void>): Promise<void> => act(() => site.during(decision));
    return { site, result, results, reports, decide };
  }

  test('approve executes the call, and the output has the type of the agent', async () => {
    const { site, result, results, reports, decide } = await waiting('Refund A1');
    await decide(() => result.current.approve('call_refund'));
    await site.until(() => expect(result.current.status).toBe('completed'));
    expect(result.current.toolCalls).toMatchObject([
      { name: 'refund', status: 'completed', arguments: { order: 'A1' }, output: { refunded: 'A1' } },
    ]);
    const output = outputOf('{"refunded":"A1"}');
    expect(result.current.output).toEqual(output);
    await site.until(() => expect(reports).toEqual(['call refund', 'settled well']));
    // The schema transforms the output in the process that has the agent.
    const until = place === onAServer ? output.until : new Date(output.until);
    expect(results).toMatchObject([{ runId: 'r', output: { ...output, until } }]);
  });

  test('deny sends the reason to the model, and a later decision is rejected', async () => {
    const { site, result, decide } = await waiting('Refund A1');
    await decide(() => result.current.deny('call_refund', 'Too late.'));
    await site.until(() => expect(result.current.status).toBe('completed'));
    expect(result.current.toolCalls).toMatchObject([{ status: 'denied' }]);
    expect(result.current.output?.answer).toContain('Too late.');
    await expect(result.current.approve('call_refund')).rejects.toMatchObject({ name: 'DecisionError' });
  });

  test('submitToolOutput answers a call of the page', async () => {
    const { site, result, decide } = await waiting('Locate me');
    expect(result.current.toolCalls).toMatchObject([{ name: 'locate', status: 'awaiting_output' }]);
    await decide(() => result.current.submitToolOutput('call_locate', { city: 'Rome' }));
    await site.until(() => expect(result.current.output).toEqual(outputOf('{"city":"Rome"}')));
  });

  test('respond answers several calls together, or none of them', async () => {
    const { site, result, decide } = await waiting('Both');
    const approval = { type: 'approve', callId: 'call_refund' } as const;
    await expect(
      result.current.respond([approval, { type: 'approve', callId: 'unknown' }]),
    ).rejects.toMatchObject({ name: 'DecisionError' });
    expect(result.current.toolCalls).toMatchObject([
      { status: 'awaiting_approval' },
      { status: 'awaiting_output' },
    ]);
    await decide(() =>
      result.current.respond([approval, { type: 'output', callId: 'call_locate', output: 'Rome' }]),
    );
    await site.until(() => expect(result.current.output?.answer).toBe('{"refunded":"A1"} Rome'));
  });

  test('cancel ends a run that waits for a decision', async () => {
    const { result, site, reports } = await waiting('Refund A1');
    await act(() => site.during(() => result.current.cancel('Changed my mind.')));
    expect(result.current).toMatchObject({ status: 'cancelled', isTerminal: true });
    await site.until(() => expect(reports).toContain('settled cancelled'));
  });

  test('mutations start, answer and cancel runs, and the narrow hooks show them', async () => {
    const site = await open();
    const page = site.openPage();
    const { result } = renderHook(
      () => ({
        start: useMutation(startRunMutationOptions(page, agent)),
        respond: useMutation(respondMutationOptions(page)),
        cancel: useMutation(cancelRunMutationOptions(page)),
        status: useAgentRunStatus('r'),
        other: useAgentRunStatus('other'),
        call: useToolCall<typeof agent>('r', 'call_locate'),
      }),
      { wrapper: wrapperOf(page), reactStrictMode: true },
    );
    act(() => result.current.start.mutate({ input: 'Locate me', runId: 'r' }));
    await site.until(() => expect(result.current.status).toBe('requires_action'));
    expect(result.current.call).toMatchObject({ status: 'awaiting_output', arguments: { precise: true } });
    const decision = { type: 'output', callId: 'call_locate', output: 'Rome' } as const;
    act(() => result.current.respond.mutate({ runId: 'r', decisions: [decision] }));
    await site.until(() => expect(result.current.status).toBe('completed'));
    expect(result.current.call).toMatchObject({ status: 'completed', output: 'Rome' });
    expect(result.current.respond.error).toBeNull();

    act(() => result.current.start.mutate({ input: 'Wait', runId: 'other' }));
    await site.until(() => expect(result.current.other).toBe('in_progress'));
    act(() => result.current.cancel.mutate('other'));
    await site.until(() => expect(result.current.cancel.data).toMatchObject({ status: 'cancelled' }));
    act(() => result.current.cancel.mutate('lost'));
    await site.until(() => expect(result.current.cancel.error?.message).toContain('lost'));
  });

  test('mutations answer and cancel runs that the page has not loaded', async () => {
    const site = await open();
    const before = site.openPage();
    for (const runId of ['denied', 'cancelled']) before.start(agent, 'Refund A1', { runId });
    const statuses = (runner: Runner): Promise<string[]> =>
      runner.list().then((runs) => runs.map(({ runId, status }) => `${runId} ${status}`).toSorted());
    const leave = before.runs.map((run) => run.subscribe(() => undefined));
    await site.until(() =>
      expect(before.runs.map(({ view }) => view.status)).toEqual(['requires_action', 'requires_action']),
    );
    for (const end of leave) end();
    await before.close({ graceMs: 0 });

    const page = site.openPage();
    const { result } = renderHook(
      () => ({
        respond: useMutation(respondMutationOptions(page)),
        cancel: useMutation(cancelRunMutationOptions(page)),
      }),
      { wrapper: wrapperOf(page) },
    );
    const decision = { type: 'deny', callId: 'call_refund', reason: 'No.' } as const;
    act(() => result.current.respond.mutate({ runId: 'denied', decisions: [decision] }));
    act(() => result.current.cancel.mutate({ runId: 'cancelled', reason: 'No.' }));
    await site.until(() => expect(result.current.cancel.data?.status).toBe('cancelled'));
    await site.until(() => expect(result.current.respond.status).toBe('success'));
    await site.until(() => expect(page.get('denied')?.view.status).toBe('completed'));
    expect(await site.during(() => statuses(page))).toEqual(['cancelled cancelled', 'denied completed']);
  });
});
