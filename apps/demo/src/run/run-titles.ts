import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** What each run was asked, for the list: summaries of runs do not carry their input. */
export const runTitles: StoredValue<Readonly<Record<string, string>>> = storedValue(
  'titles',
  v.record(v.string(), v.string()),
  {},
);

export function nameRun(runId: string, title: string): void {
  runTitles.write({ ...runTitles.read(), [runId]: title });
}

export function forgetRun(runId: string): void {
  const { [runId]: _forgotten, ...others } = runTitles.read();
  runTitles.write(others);
}
