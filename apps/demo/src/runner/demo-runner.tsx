import { LonghaulProvider } from '@longhaul/react';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { demoAgent } from '../agent/demo-agent.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { chosenConnection } from './connection.ts';
import { pageRunner } from './page-runner.ts';

/** Provides the page's runner to the hooks below it. */
export function DemoRunner(props: { readonly model: string; readonly children: ReactNode }): ReactElement {
  const { model, children } = props;
  const connection = useStoredValue(chosenConnection);
  const runner = useMemo(() => pageRunner(demoAgent(model), connection), [model, connection]);
  return <LonghaulProvider runner={runner}>{children}</LonghaulProvider>;
}
