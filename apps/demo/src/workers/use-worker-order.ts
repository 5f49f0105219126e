import { useMutation, useQueryClient } from '@tanstack/react-query';
import { orderWorker, workerListOptions } from './worker-list.ts';

/** Kills or starts workers. The list shows the change as soon as the server has it. */
export function useWorkerOrder() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: orderWorker,
    onSettled: () => queries.invalidateQueries(workerListOptions),
  });
}
