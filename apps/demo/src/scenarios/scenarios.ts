import type { LoopPlace } from '../runner/loop-place.ts';
import { pageScenarios } from './page-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { serverScenarios } from './server-scenarios.ts';

/** All tasks. A page loads only those of its place. */
export const scenarios: Readonly<Record<LoopPlace, readonly Scenario[]>> = {
  page: pageScenarios,
  server: serverScenarios,
};
