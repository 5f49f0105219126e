import type { AgentRef, Runner } from '@longhaul/core';
import { QueryClient } from '@tanstack/react-query';
import { renderHook, type RenderHookResult } from '@testing-library/react';
import { useAgentThread, type UseAgentThreadOptions } from '../src/thread/use-agent-thread.ts';
import { wrapperOf } from './render.tsx';

/** Renders `useAgentThread` in a page with this runner, in StrictMode. Each page has a query cache of its own. */
export function renderThread<A extends AgentRef>(
  runner: Runner,
  options: UseAgentThreadOptions<A>,
  client: QueryClient = new QueryClient(),
): RenderHookResult<ReturnType<typeof useAgentThread<A>>, UseAgentThreadOptions<A>> {
  return renderHook((props: UseAgentThreadOptions<A>) => useAgentThread(props), {
    wrapper: wrapperOf(runner, client),
    initialProps: options,
    reactStrictMode: true,
  });
}
