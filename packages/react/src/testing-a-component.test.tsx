import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

const weather = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

function Umbrella() {
  const run = useAgentRun({ agent: weather });
  return <button onClick={() => run.start('Umbrella?')}>{run.status === 'idle' ? 'Ask' : run.text}</button>;
}

test('shows the answer, an hour later', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ clock, script: [{ text: 'Leave it at home.', queuedMs: 3_500_000 }] });
  const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={createRunner({ client, clock })}>
        <Umbrella />
      </LonghaulProvider>
    </QueryClientProvider>,
  );

  fireEvent.click(screen.getByText('Ask'));
  await act(() => clock.advance(3_600_000)); // one hour passes immediately

  expect(await screen.findByText('Leave it at home.')).toBeDefined();
});
