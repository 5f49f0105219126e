import * as z from 'zod';

const summaryShape = z.object({
  tasks: z.array(
    z.object({
      taskId: z.string(),
      execution: z.object({ exitCode: z.number().nullish(), error: z.string().nullish() }).nullish(),
    }),
  ),
});

/**
 * Tasks that ran and failed, from what `turbo run --summarize` writes. A task left out because one it depends on
 * failed is not a failure of its own.
 */
export function failedTasks(summary: unknown): string[] {
  return summaryShape
    .parse(summary)
    .tasks.filter(({ execution }) => execution && (execution.exitCode !== 0 || execution.error))
    .map(({ taskId }) => taskId);
}
