import * as z from 'zod';

/** The settings of a machine: its only argument, as JSON. */
export const machineSchema = z.object({
  name: z.string(),
  database: z.string(),
  schema: z.string(),
  api: z.string(),
  /** The file to which tools write their executions. */
  executions: z.string(),
  roles: z.array(z.enum(['front', 'worker', 'drainer'])),
  mode: z.enum(['auto', 'poll', 'stream']),
  parkAfterMs: z.number(),
  /** The time for which tools may finish after SIGTERM, in milliseconds. */
  graceMs: z.number(),
  /** The secret of the webhooks that fronts receive. */
  webhookSecret: z.string(),
});
export type MachineSettings = z.infer<typeof machineSchema>;

const runId = z.string();
const decision = z.union([
  z.object({ type: z.literal('approve'), callId: z.string() }),
  z.object({ type: z.literal('deny'), callId: z.string(), reason: z.string() }),
  z.object({ type: z.literal('output'), callId: z.string(), output: z.string() }),
]);
export type Decision = z.infer<typeof decision>;

export const commandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), runId, input: z.string() }),
  z.object({ type: z.literal('watch'), runId }),
  z.object({ type: z.literal('decide'), runId, by: z.string(), decisions: z.array(decision) }),
  z.object({ type: z.literal('steer'), runId, steerId: z.string(), text: z.string() }),
  z.object({ type: z.literal('cancel'), runId }),
  z.object({ type: z.literal('resume'), runId }),
  /** The view of the front's handle. */
  z.object({ type: z.literal('view'), runId }),
  /** The events that the front's handle has had since it was watched. */
  z.object({ type: z.literal('events'), runId }),
]);
export type Command = z.infer<typeof commandSchema>;

export const requestSchema = z.object({ id: z.number(), command: commandSchema });

/** A message of a machine: it is ready, and receives webhooks at this port, or it answers a request. */
export const messageSchema = z.union([
  z.object({ ready: z.literal(true), webhookPort: z.number() }),
  z.object({
    id: z.number(),
    value: z.unknown().optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
]);
export type MachineMessage = z.infer<typeof messageSchema>;
