import type { Runner } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { renderHook, type RenderHookResult } from '@testing-library/react';
import { useAgentRun, type UseAgentRunOptions } from '../src/use-agent-run.ts';
import { wrapperOf } from './render.tsx';
import { weather } from './weather.ts';

type Options = Partial<UseAgentRunOptions<typeof weather>>;

/** Renders `useAgentRun` for the weather agent, in a component of its own. */
export function renderRun(
  runner: Runner,
  client: QueryClient,
  options: Options = {},
  renderOptions: { readonly reactStrictMode?: boolean } = {},
): RenderHookResult<ReturnType<typeof useAgentRun<typeof weather>>, Options> {
  return renderHook((props: Options) => useAgentRun({ agent: weather, ...props }), {
    wrapper: wrapperOf(runner, client),
    initialProps: options,
    ...renderOptions,
  });
}
