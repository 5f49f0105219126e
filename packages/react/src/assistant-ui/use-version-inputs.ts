import { inputParts, type Runner, type RunView } from '@longhaul/core';
import { type QueryClient, useQueries, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { agentRunKeys } from '../agent-run-keys.ts';
import { useRunner } from '../longhaul-provider.tsx';
import type { ThreadTurn } from '../thread/tree/thread-turn.ts';
import type { VersionInputs } from './thread-repository.ts';

type Input = RunView['input'];

/** The input of a turn: of the first of the runs that retried each other. Null if one of them was deleted. */
async function readInput(runner: Runner, runId: string): Promise<Input | null> {
  const view = await runner.read(runId);
  if (view === undefined) return null;
  const isRetry = view.input.length === 0 && view.continues !== undefined;
  return isRetry ? await readInput(runner, view.continues) : view.input;
}

function knownInput(runner: Runner, client: QueryClient, runId: string): Input | undefined {
  const view = runner.get(runId)?.view ?? client.getQueryData<RunView>(agentRunKeys.detail(runId));
  return view !== undefined && view.input.length > 0 ? view.input : undefined;
}

function inputsOf(queries: readonly UseQueryResult<Input | null>[]): readonly (Input | null | undefined)[] {
  return queries.map(({ data }) => data);
}

/**
 * The inputs of the versions that are not shown. A turn with one version costs nothing. The inputs show whether a version
 * asks another question, or is another answer to the same one.
 */
export function useVersionInputs(turns: readonly ThreadTurn[]): VersionInputs {
  const runner = useRunner();
  const client = useQueryClient();
  const ids = turns.flatMap(({ runId, siblings }) => siblings.filter((id) => id !== runId));
  const inputs = useQueries({
    queries: ids.map((runId) => ({
      queryKey: [...agentRunKeys.all, 'input', runId] as const,
      queryFn: () => readInput(runner, runId),
      // A version that was shown before is known.
      initialData: () => knownInput(runner, client, runId),
      // The input of a run does not change.
      staleTime: Infinity,
      networkMode: 'always' as const,
    })),
    combine: inputsOf,
  });
  const key = ids.join('\n');
  return useMemo(() => {
    const known = key === '' ? [] : key.split('\n');
    return new Map(
      known.flatMap((runId, index) => {
        const input = inputs[index];
        return input === undefined || input === null ? [] : [[runId, inputParts(input)] as const];
      }),
    );
  }, [key, inputs]);
}
