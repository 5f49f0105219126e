/** “Lngh”. Distinguishes a database of Longhaul from other SQLite databases. */
export const applicationId = 0x4c_6e_67_68;

/**
 * The steps from each version of the schema to the next. `user_version` counts the applied steps. A released step is
 * never changed; new steps are added at the end.
 */
export const migrations: readonly string[] = [
  // Only the fields of a head that statements use are columns; the other fields are internal to the engine. Items are
  // stored in one row for each commit that appended any, and commits do not change existing rows (I7).
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
  // A claim expires when its owner has not renewed it for its time to live, as measured by the process that reads it.
  // So no clocks are compared, and one row renews any number of claims. `until` stays for processes of the previous
  // version that have the file open. The owners of the claims of such processes have no row.
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
  // The index has only runs with an owner, so that other runs cost nothing.
  `
  ALTER TABLE runs ADD COLUMN owner TEXT;
  CREATE INDEX runs_by_owner ON runs (owner, created_at DESC, run_id) WHERE owner IS NOT NULL;
  `,
  // The place of each run in its conversation. `runs_by_thread` has all columns of a conversation's runs except their
  // status, so that it is written only with the first commit of a run. The indices of the order and of the owner lead to
  // the newest run of each conversation. So a list does not read rows with their heads to find conversations. A process
  // of an older version that has the file open inserts rows without a conversation, and the trigger adds it. Such a
  // process does not write `updated_at`, so the time stays that of the last save by this version.
  `
  ALTER TABLE runs ADD COLUMN thread_id TEXT;
  ALTER TABLE runs ADD COLUMN continues TEXT;
  ALTER TABLE runs ADD COLUMN is_retry INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN title TEXT;
  ALTER TABLE runs ADD COLUMN input_text TEXT;
  ALTER TABLE runs ADD COLUMN updated_at REAL;
  UPDATE runs SET thread_id = run_id, updated_at = created_at;
  CREATE TRIGGER runs_without_thread AFTER INSERT ON runs WHEN new.thread_id IS NULL
  BEGIN
    UPDATE runs SET thread_id = run_id, updated_at = created_at WHERE run_id = new.run_id;
  END;
  CREATE INDEX runs_by_thread ON runs (thread_id, created_at, run_id, agent, owner, continues, is_retry);
  DROP INDEX runs_by_age;
  CREATE INDEX runs_by_age ON runs (created_at DESC, run_id, thread_id, agent);
  DROP INDEX runs_by_owner;
  CREATE INDEX runs_by_owner ON runs (owner, created_at DESC, run_id, thread_id, agent) WHERE owner IS NOT NULL;
  `,
  // The response that a run waits for. The index has only runs that wait, so that it stays small. A process of an older
  // version that has the file open does not write the column, so a reader compares it with the head.
  `
  ALTER TABLE runs ADD COLUMN response_id TEXT;
  UPDATE runs SET response_id = json_extract(head, '$.phase.pending.responseId')
  WHERE status IN ('queued', 'in_progress', 'running_tools', 'cancelling', 'requires_action') AND json_valid(head);
  CREATE INDEX runs_by_response ON runs (response_id) WHERE response_id IS NOT NULL;
  CREATE TABLE webhooks (
    response_id TEXT PRIMARY KEY,
    received_at REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX webhooks_by_age ON webhooks (received_at);
  `,
];
