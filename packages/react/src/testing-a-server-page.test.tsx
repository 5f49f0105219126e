import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { createRunsHandler } from '@longhaul/core/server';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';

const support = defineAgent({ name: 'support', model: 'gpt-6-astra' });
const supportAgent = agentRef<typeof support>('support');

function Order() {
  const run = useAgentRun({ agent: supportAgent });
  return (
    <button onClick={() => run.start('Where is it?')}>{run.status === 'idle' ? 'Ask' : run.text}</button>
  );
}

test('shows the answer of the server, an hour later', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ clock, script: [{ text: 'It was sent.', queuedMs: 3_500_000 }] });
  const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
  const handler = createRunsHandler({
    runner: createRunner({ client, clock, agents: [support] }),
    agents: ['support'],
    authorize: () => 'ann',
    clock,
  });
  const runner = remoteRunner({
    baseURL: 'http://site.test/api/longhaul',
    fetch: (input, init) => handler(new Request(input, init)),
    clock,
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner}>
        <Order />
      </LonghaulProvider>
    </QueryClientProvider>,
  );

  fireEvent.click(screen.getByText('Ask'));
  await waitFor(async () => {
    await clock.advance(600_000); // ten minutes at a time, until the answer is shown
    expect(screen.getByText('It was sent.')).toBeDefined();
  });
});
