import * as z from 'zod';

const summary = z.object({
  tasks: z.array(
    z.object({
      taskId: z.string(),
      execution: z.object({ exitCode: z.number().nullish(), error: z.string().nullish() }).nullish(),
    }),
  ),
});

/** Tasks that ran and failed. A task left out because one it depends on failed is not a failure of its own. */
export function failedTasks(summaries: readonly unknown[]): string[] {
  return summaries
    .flatMap((run) => summary.parse(run).tasks)
    .filter(({ execution }) => execution && (execution.exitCode !== 0 || execution.error))
    .map(({ taskId }) => taskId);
}
