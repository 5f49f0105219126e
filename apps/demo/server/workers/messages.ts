import * as v from 'valibot';

// The messages between the supervisor, which starts all processes, and the web process.

/** A worker of the demo, and its process. */
const workerSchema = v.object({
  /** From 1. */
  number: v.number(),
  /** The id of its process. Null while it is stopped. */
  pid: v.nullable(v.number()),
});

export type WorkerState = v.InferOutput<typeof workerSchema>;

const databaseSchema = v.object({
  /** The connection string. */
  url: v.string(),
  /** The schema of the runs. */
  schema: v.string(),
});

export type DemoDatabase = v.InferOutput<typeof databaseSchema>;

export const workerActions = ['stop', 'start'] as const;
export type WorkerAction = (typeof workerActions)[number];

const toWeb = v.variant('type', [
  v.object({ type: v.literal('database'), database: databaseSchema }),
  v.object({ type: v.literal('workers'), workers: v.array(workerSchema) }),
]);

const toSupervisor = v.variant('type', [
  /** The web process listens, and needs the database for this port. */
  v.object({ type: v.literal('listening'), port: v.number() }),
  /** It answers. `apiPort`: the port of the emulator for the workers. Null with the real API. */
  v.object({ type: v.literal('ready'), apiPort: v.nullable(v.number()) }),
  v.object({ type: v.literal('order'), action: v.picklist(workerActions), worker: v.number() }),
]);

export type MessageToWeb = v.InferOutput<typeof toWeb>;
export type MessageToSupervisor = v.InferOutput<typeof toSupervisor>;

/** Undefined for other messages. */
export function readMessageToWeb(message: unknown): MessageToWeb | undefined {
  const parsed = v.safeParse(toWeb, message);
  return parsed.success ? parsed.output : undefined;
}

/** Undefined for other messages. */
export function readMessageToSupervisor(message: unknown): MessageToSupervisor | undefined {
  const parsed = v.safeParse(toSupervisor, message);
  return parsed.success ? parsed.output : undefined;
}
