import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { demoConfigOptions } from '../config/demo-config.ts';
import { DemoRunner } from '../runner/demo-runner.tsx';
import { Boot } from './boot.tsx';
import { Crash } from './crash.tsx';
import { preloadRunParts } from './run-parts.ts';
import { Workbench } from './workbench.tsx';

// A page that is opened at a run needs its parts at once.
if (location.pathname.startsWith('/runs/')) preloadRunParts();

/** The demo: what its server is must be known before anything can run. */
export function App(): ReactElement {
  const config = useQuery(demoConfigOptions);
  if (config.data === undefined) return <Boot problem={config.failureReason} />;
  return (
    <ErrorBoundary FallbackComponent={Crash}>
      <DemoRunner model={config.data.models[0] ?? ''}>
        <Workbench config={config.data} />
      </DemoRunner>
    </ErrorBoundary>
  );
}
