import { DatabaseSync } from 'node:sqlite';
import type { Run, RunEventType } from '@longhaul/core';

/**
 * The events that the timeline and the request inspector need. A page receives only the events after it has begun to
 * watch, so it asks for those before.
 */
const kept: ReadonlySet<RunEventType> = new Set([
  'run.resumed',
  'run.cancelling',
  'iteration.started',
  'attempt.failed',
  'response.status',
  'poll',
  'stream.connected',
  'stream.dropped',
  'iteration.completed',
  'decision.needed',
  'decision.made',
  'warning',
]);

interface RecordedRunner {
  readonly runs: readonly Run[];
  subscribe(listener: () => void): () => void;
}

/** The saved events of the runs on the server, for the demo's inspector. */
export interface RunTrace {
  /** Records every run that the runner drives. */
  follow(runner: RecordedRunner): void;
  /** Returns the events of a run as a JSON array, oldest first. */
  read(runId: string): string;
  forget(runId: string): void;
  close(): void;
}

export function openRunTrace(path: string): RunTrace {
  const database = new DatabaseSync(path);
  // The trace may lose its end if the machine stops.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  database.exec(
    'CREATE TABLE IF NOT EXISTS events (run TEXT, seq INTEGER, event TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?)');
  const select = database.prepare('SELECT event FROM events WHERE run = ? ORDER BY seq');
  const remove = database.prepare('DELETE FROM events WHERE run = ?');
  const recorded = new WeakSet<Run>();

  async function record(run: Run): Promise<void> {
    for await (const event of run.events()) {
      if (kept.has(event.type)) insert.run(run.id, event.seq, JSON.stringify(event));
    }
  }

  return {
    follow: (runner) => {
      const recordRuns = (): void => {
        for (const run of runner.runs) {
          if (recorded.has(run)) continue;
          recorded.add(run);
          void record(run);
        }
      };
      recordRuns();
      runner.subscribe(recordRuns);
    },
    read: (runId) =>
      `[${select
        .all(runId)
        .map(({ event }) => String(event))
        .join(',')}]`,
    forget: (runId) => {
      remove.run(runId);
    },
    close: () => database.close(),
  };
}
