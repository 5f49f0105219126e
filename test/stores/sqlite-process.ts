/**
 * One of several processes on an SQLite store. Commands, as arguments: the file, then
 *
 * - `open COUNT AT`: opens COUNT files with numbered names, one every 5 ms from the time AT
 * - `race RUN LAST`: saves the run's next revision until it has revision LAST, against other processes with the same
 *   command
 * - `write RUN BYTES`: saves the run's next revision repeatedly without end, with an item of BYTES characters
 * - `claim RUN OWNER TTL`: claims the run, and does not exit
 * - `watch`: prints each notice as JSON, and does not exit
 * - `publish RUN COUNT`: publishes the numbers 1 to COUNT, one every 5 ms, and exits
 * - `change RUN`: saves the run, posts to it, claims it, releases it and deletes it
 *
 * All commands except `open` print `open`, then a line for each completed step.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '@longhaul/core';
import { type SqliteStore, sqliteStore } from '@longhaul/core/store/sqlite';

type Change = Parameters<SqliteStore['commit']>[0];

const [path = '', command = '', ...rest] = process.argv.slice(2);
const [runId = ''] = rest;

/** Long, because the machine may be busy with other tests. */
const busyTimeoutMs = 10_000;

/** A store reads only the public fields of a head. An item may be any JSON. */
function change(revision: number, item: object): Change {
  const commitId = `${process.pid}/${revision}`;
  return JSON.parse(
    JSON.stringify({
      runId,
      revision,
      commitId,
      head: {
        runId,
        agent: 'a',
        status: 'in_progress',
        revision,
        createdAt: 1,
        updatedAt: revision,
        commitId,
      },
      append: [{ revision, by: process.pid, ...item }],
    }),
  );
}

/**
 * Writes immediately. Otherwise a line could be in a buffer when the process is killed, and its save would go
 * unnoticed.
 */
function say(line: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${line}\n`, () => resolve());
  });
}

async function race(store: SqliteStore, last: number): Promise<void> {
  for (;;) {
    const revision = (await store.load(runId))?.head.revision ?? 0;
    if (revision >= last) return;
    try {
      await store.commit(change(revision + 1, {}));
      await say(String(revision + 1));
    } catch (error) {
      // The save failed, or the lock was not available in time on a busy machine. Both are retried, as a driver does.
      if (!StoreError.isInstance(error)) throw error;
    }
    // Lets others get the lock, because a process that retries immediately nearly always gets it.
    await sleep(1);
  }
}

async function write(store: SqliteStore, characters: number): Promise<never> {
  const text = 'x'.repeat(characters);
  for (let revision = ((await store.load(runId))?.head.revision ?? 0) + 1; ; revision += 1) {
    await store.commit(change(revision, { text }));
    await say(String(revision));
  }
}

async function publish(store: SqliteStore, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    store.publish(runId, number);
    await sleep(5);
  }
  // The store performs its calls in their order. `close` drops those that it has not performed.
  await store.list();
}

async function makeChanges(store: SqliteStore): Promise<void> {
  await store.commit(change(1, {}));
  await store.post(runId, 'decision');
  await store.claim(runId, 'owner', 60_000);
  await store.release(runId, 'owner');
  await store.delete(runId);
}

function openMany(count: number, at: number): void {
  for (let file = 0; file < count; file += 1) {
    // Waits actively, so that all processes start at the same moment.
    while (Date.now() < at + file * 5);
    sqliteStore({ path: `${path}-${file}`, busyTimeoutMs }).close();
  }
}

if (command === 'open') {
  openMany(Number(rest[0]), Number(rest[1]));
} else {
  using store = sqliteStore({ path, busyTimeoutMs });
  await say('open');
  if (command === 'race') await race(store, Number(rest[1]));
  if (command === 'write') await write(store, Number(rest[1]));
  if (command === 'publish') await publish(store, Number(rest[1]));
  if (command === 'change') await makeChanges(store);
  if (command === 'watch') {
    store.watch((notice) => void say(JSON.stringify(notice)));
    await say('watches');
    await sleep(3_600_000);
  }
  if (command === 'claim') {
    await say(String(await store.claim(runId, rest[1] ?? '', Number(rest[2]))));
    await sleep(3_600_000);
  }
}
