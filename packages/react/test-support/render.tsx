import type { Runner } from '@longhaul/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { LonghaulProvider } from '../src/longhaul-provider.tsx';

/** Returns a component with the providers that hooks need. Pass `client` to inspect the cache. */
export function wrapperOf(
  runner: Runner,
  client: QueryClient = new QueryClient(),
): (props: { children: ReactNode }) => JSX.Element {
  return function Wrapper({ children }) {
    return (
      <QueryClientProvider client={client}>
        <LonghaulProvider runner={runner}>{children}</LonghaulProvider>
      </QueryClientProvider>
    );
  };
}
