import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** The titles of the runs in the list, because a run summary does not contain the input. */
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
