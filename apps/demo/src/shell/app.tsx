import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { demoConfigOptions } from '../config/demo-config.ts';
import { placeOfPath } from '../runner/loop-place.ts';
import { Boot } from './boot.tsx';
import { Crash } from './crash.tsx';
import { preloadRunParts } from './run-parts.ts';
import { Workbench } from './workbench.tsx';

// A page that opens with a run needs the run's modules immediately.
if (placeOfPath(location.pathname) !== undefined) preloadRunParts();

/** The demo. It needs the server's configuration before it can start a run. */
export function App(): ReactElement {
  const config = useQuery(demoConfigOptions);
  if (config.data === undefined) return <Boot problem={config.failureReason} />;
  return (
    <ErrorBoundary FallbackComponent={Crash}>
      <Workbench config={config.data} />
    </ErrorBoundary>
  );
}
