import * as v from 'valibot';
import type { Environment } from '../data-folder.ts';

/** The variables of a worker's environment, which the supervisor sets. */
const names = {
  number: 'LONGHAUL_DEMO_WORKER',
  folder: 'LONGHAUL_DEMO_FOLDER',
  database: 'LONGHAUL_DEMO_DATABASE',
  schema: 'LONGHAUL_DEMO_SCHEMA',
  /** The address of the emulator. Empty with the real API. */
  emulator: 'LONGHAUL_DEMO_EMULATOR',
} as const;

const settingsSchema = v.object({
  number: v.pipe(v.string(), v.transform(Number), v.integer()),
  folder: v.string(),
  database: v.string(),
  schema: v.string(),
  emulator: v.string(),
});

export type WorkerSettings = v.InferOutput<typeof settingsSchema>;

export function workerEnvironment(settings: WorkerSettings): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [name, String({ ...settings }[key])]));
}

/** @throws if the process was not started by the supervisor */
export function readWorkerSettings(env: Environment): WorkerSettings {
  return v.parse(
    settingsSchema,
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, env[name]])),
  );
}
