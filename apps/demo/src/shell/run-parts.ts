import { lazy } from 'react';
import { patiently } from '../patiently.ts';

const loadRunPage = () => patiently(() => import('../run/run-page.tsx'));
const loadInspector = () => patiently(() => import('../inspector/inspector.tsx'));

/** What is needed once there is a run: not part of the first load. */
export const RunPage = lazy(async () => ({ default: (await loadRunPage()).RunPage }));
export const Inspector = lazy(async () => ({ default: (await loadInspector()).Inspector }));

/** Loads both as soon as somebody is about to start a task, so that the run is shown at once. */
export function preloadRunParts(): void {
  void loadRunPage();
  void loadInspector();
}
