import { LonghaulProvider } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, type ReactElement, type ReactNode } from 'react';
import { demoAgent } from '../agent/demo-agent.ts';
import { retryOnFailure } from '../retry-on-failure.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { chosenConnection } from './connection.ts';
import type { LoopPlace } from './loop-place.ts';
import { pageRunner } from './page-runner.ts';

/** The cached views and lists of each place. The two runners have different runs. */
const caches: Readonly<Record<LoopPlace, QueryClient>> = {
  page: new QueryClient(),
  server: new QueryClient(),
};

/** Provides the runner of a place to the hooks below it. All components below it are the same for both places. */
export function DemoRunner(props: {
  readonly place: LoopPlace;
  readonly model: string;
  readonly children: ReactNode;
}): ReactElement {
  const { place, model, children } = props;
  return (
    <QueryClientProvider key={place} client={caches[place]}>
      {place === 'server' ? (
        <Suspense fallback={<span />}>
          <ServerRunner>{children}</ServerRunner>
        </Suspense>
      ) : (
        <PageRunner model={model}>{children}</PageRunner>
      )}
    </QueryClientProvider>
  );
}

function PageRunner({
  model,
  children,
}: {
  readonly model: string;
  readonly children: ReactNode;
}): ReactElement {
  const connection = useStoredValue(chosenConnection);
  const runner = useMemo(() => pageRunner(demoAgent(model), connection), [model, connection]);
  return <LonghaulProvider runner={runner}>{children}</LonghaulProvider>;
}

const loadServerRunner = () => retryOnFailure(() => import('./server-runner.ts'));

/** Loads the runner before the visitor chooses the server. A failed load is repeated when the runner is needed. */
export function preloadServerRunner(): void {
  loadServerRunner().catch(() => undefined);
}

/** Loaded only for a visitor who chooses the server. */
const ServerRunner = lazy(async () => {
  const { serverRunner } = await loadServerRunner();
  return {
    default: ({ children }: { readonly children: ReactNode }): ReactElement => (
      <LonghaulProvider runner={serverRunner}>{children}</LonghaulProvider>
    ),
  };
});
