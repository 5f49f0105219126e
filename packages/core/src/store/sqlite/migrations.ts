/** "Lngh": tells a database of ours from any other that uses SQLite. */
export const applicationId = 0x4c_6e_67_68;

/**
 * What makes each version of the schema out of the one before: `user_version` counts those that were applied. One
 * that was released is never changed; what is new goes to the end.
 */
export const migrations: readonly string[] = [
  // Of a head only the columns that are looked for; the rest is the engine's own. Items go in by the commit that
  // appended them, and nothing that is there is written again (I7): a row for each commit that had any.
  `
  CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at REAL NOT NULL,
    revision INTEGER NOT NULL,
    commit_id TEXT NOT NULL,
    head TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_age ON runs (created_at DESC, run_id);
  CREATE INDEX runs_by_status ON runs (status, created_at DESC, run_id);

  CREATE TABLE items (
    run_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    items TEXT NOT NULL,
    UNIQUE (run_id, revision)
  ) STRICT;

  CREATE TABLE claims (
    run_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX inbox_by_run ON inbox (run_id);
  `,
  // A claim runs out when its owner has not renewed for a while, as measured by whoever looks: no clocks are compared,
  // and one row renews any number of claims. `until` stays for processes of the version before that have the file
  // open: theirs are claims without an owner's row.
  `
  CREATE TABLE owners (
    owner TEXT PRIMARY KEY,
    renewals INTEGER NOT NULL,
    ttl_ms REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // A commit deletes messages by their ids, and a loop skips an id that it has received before. Without AUTOINCREMENT,
  // SQLite reuses the id of a deleted message.
  `
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  INSERT INTO messages (id, run_id, message) SELECT id, run_id, message FROM inbox;
  DROP TABLE inbox;
  ALTER TABLE messages RENAME TO inbox;
  CREATE INDEX inbox_by_run ON inbox (run_id);
  `,
];
