import type { RunEvent } from '@longhaul/core';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { noTrace, type Trace } from './trace-entry.ts';
import type { WireSpan } from './wire-span.ts';

interface TraceSchema extends DBSchema {
  events: {
    key: [string, number];
    value: { readonly runId: string; readonly seq: number; readonly event: RunEvent };
  };
  spans: {
    key: [string, string];
    value: { readonly runId: string; readonly id: string; readonly span: WireSpan };
  };
}

/** Keeps traces after a reload. If the browser forbids storage, a reload empties the timeline. */
export interface TraceDatabase {
  load(runId: string): Promise<Trace>;
  save(runId: string, trace: Trace): Promise<void>;
  forget(runId: string): Promise<void>;
}

export function traceDatabase(): TraceDatabase {
  let opened: Promise<IDBPDatabase<TraceSchema>> | undefined;
  const open = (): Promise<IDBPDatabase<TraceSchema>> =>
    (opened ??= openDB<TraceSchema>('longhaul-demo-traces', 1, {
      upgrade: (database) => {
        database.createObjectStore('events', { keyPath: ['runId', 'seq'] });
        database.createObjectStore('spans', { keyPath: ['runId', 'id'] });
      },
    }));
  // An array sorts after all strings and numbers, so this range includes all keys of the run.
  const ofRun = (runId: string): IDBKeyRange => IDBKeyRange.bound([runId], [runId, []]);
  return {
    load: async (runId) => {
      try {
        const database = await open();
        const [events, spans] = await Promise.all([
          database.getAll('events', ofRun(runId)),
          database.getAll('spans', ofRun(runId)),
        ]);
        return { events: events.map(({ event }) => event), spans: spans.map(({ span }) => span) };
      } catch {
        return noTrace;
      }
    },
    save: async (runId, { events, spans }) => {
      try {
        const transaction = (await open()).transaction(['events', 'spans'], 'readwrite');
        await Promise.all([
          ...events.map((event) => transaction.objectStore('events').put({ runId, seq: event.seq, event })),
          ...spans.map((span) => transaction.objectStore('spans').put({ runId, id: span.id, span })),
          transaction.done,
        ]);
      } catch {
        // The page works without stored traces.
      }
    },
    forget: async (runId) => {
      try {
        const transaction = (await open()).transaction(['events', 'spans'], 'readwrite');
        await Promise.all([
          transaction.objectStore('events').delete(ofRun(runId)),
          transaction.objectStore('spans').delete(ofRun(runId)),
          transaction.done,
        ]);
      } catch {
        // The page works without stored traces.
      }
    },
  };
}
