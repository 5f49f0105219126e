import type { Runner } from '@longhaul/core';
import { LonghaulProvider } from '@longhaul/react';
import type { ReactElement, ReactNode } from 'react';
import { openRunner } from './open-runner.ts';

let runner: Runner | undefined;

/** Gives the page's one runner to the hooks below. It is made with the first render, and lives as long as the page. */
export function DemoRunner({ children }: { readonly children: ReactNode }): ReactElement {
  runner ??= openRunner();
  return <LonghaulProvider runner={runner}>{children}</LonghaulProvider>;
}
