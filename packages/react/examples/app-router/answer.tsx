'use client';

import { type Agent, defineAgent } from '@longhaul/core';
import { useAgentRun } from '@longhaul/react';
import type { JSX } from 'react';

const weather: Agent = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

/** The browser's runner has no access to the run, so the component keeps showing the view that the server sent. */
export function Answer({ runId }: { runId: string }): JSX.Element {
  const run = useAgentRun({ agent: weather, runId, resume: false });
  return (
    <p>
      {run.status}: {run.text}
    </p>
  );
}
