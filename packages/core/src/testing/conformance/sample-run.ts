import type { RunCommit, RunHead } from '../../store/run-store.ts';
import type { JsonObject } from '../../wire/json.ts';

/** A store reads the public fields only: the rest of a head and the items are any JSON to it. */
export interface SampleChange {
  readonly runId?: string;
  readonly revision?: number;
  readonly commitId?: string;
  readonly agent?: string;
  readonly status?: string;
  readonly createdAt?: number;
  /** Further fields of the head. */
  readonly head?: JsonObject;
  readonly append?: readonly JsonObject[];
  readonly received?: readonly string[];
  readonly import?: true;
}

/** A commit that is whole in its public fields: revision 1 of run `run-1`, where nothing else is said. */
export function sampleChange(sample: SampleChange = {}): RunCommit {
  const { runId = 'run-1', revision = 1, createdAt = 1_000 } = sample;
  const commitId = sample.commitId ?? `${runId}/${revision}`;
  // From text, as a head comes out of a database: not of the engine's type, whatever its version.
  const head: RunHead = JSON.parse(
    JSON.stringify({
      runId,
      agent: sample.agent ?? 'agent-1',
      status: sample.status ?? 'in_progress',
      revision,
      createdAt,
      updatedAt: createdAt + revision,
      commitId,
      ...sample.head,
    }),
  );
  const append: RunCommit['append'] = JSON.parse(JSON.stringify(sample.append ?? []));
  const optional = {
    ...(sample.received && { received: sample.received }),
    ...(sample.import && { import: sample.import }),
  };
  return { runId, revision, commitId, head, append, ...optional };
}
