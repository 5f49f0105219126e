import type { AgentRef, Runner } from '@longhaul/core';
import { QueryClient } from '@tanstack/react-query';
import { renderHook, type RenderHookResult } from '@testing-library/react';
import { useAgentRun, type UseAgentRunOptions } from '../src/use-agent-run.ts';
import { wrapperOf } from './render.tsx';

/** Renders `useAgentRun` in a page with this runner, in StrictMode. Each page has a query cache of its own. */
export function renderAgentRun<A extends AgentRef>(
  runner: Runner,
  options: UseAgentRunOptions<A>,
  client: QueryClient = new QueryClient(),
): RenderHookResult<ReturnType<typeof useAgentRun<A>>, UseAgentRunOptions<A>> {
  return renderHook((props: UseAgentRunOptions<A>) => useAgentRun(props), {
    wrapper: wrapperOf(runner, client),
    initialProps: options,
    reactStrictMode: true,
  });
}
