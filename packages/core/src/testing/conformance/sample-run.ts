import type { RunCommit, RunHead } from '../../store/run-store.ts';
import type { JsonObject } from '../../wire/json.ts';

/**
 * The fields of a sample commit. A store reads only the public fields of a head; its other fields and the items can be
 * any JSON.
 */
export interface SampleChange {
  readonly runId?: string;
  readonly revision?: number;
  readonly commitId?: string;
  readonly agent?: string;
  readonly owner?: string;
  readonly status?: string;
  readonly createdAt?: number;
  /** Additional fields of the head. */
  readonly head?: JsonObject;
  readonly append?: readonly JsonObject[];
  readonly received?: readonly string[];
  readonly import?: true;
}

/** A commit with all public fields; by default revision 1 of run `run-1`. */
export function sampleChange(sample: SampleChange = {}): RunCommit {
  const { runId = 'run-1', revision = 1, createdAt = 1_000 } = sample;
  const commitId = sample.commitId ?? `${runId}/${revision}`;
  // Parsed from text, like a head from a database, which may be of any version and not of the engine's type.
  const head: RunHead = JSON.parse(
    JSON.stringify({
      runId,
      agent: sample.agent ?? 'agent-1',
      owner: sample.owner,
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
