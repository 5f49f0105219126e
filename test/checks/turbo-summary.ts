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
 * The tasks that ran and failed, from the summary of `turbo run --summarize`. A task that did not run because another
 * task failed is not included.
 */
export function failedTasks(summary: unknown): string[] {
  return summaryShape
    .parse(summary)
    .tasks.filter(({ execution }) => execution && (execution.exitCode !== 0 || execution.error))
    .map(({ taskId }) => taskId);
}
