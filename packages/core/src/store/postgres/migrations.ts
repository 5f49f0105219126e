/**
 * The steps from each version of the schema to the next. The table `migrations` has the number of applied steps. A
 * released step is never changed; new steps are added at the end.
 *
 * @param schema The quoted name of the schema.
 */
export function migrations(schema: string): readonly string[] {
  return [
    // Only the fields of a head that statements use are columns; the other fields are internal to the engine. Texts have
    // the collation C, so that ids are compared and sorted by their characters, in every database. No index has a column
    // that usual saves change, and pages have free space, so that such saves do not write to an index (HOT). So
    // `status_group` is `active` for all statuses of a run that needs a process, and the pending response has a table of
    // its own. Indices have at most one text of up to 512 characters, because PostgreSQL limits their entries to 2,700
    // bytes.
    `
    CREATE TABLE ${schema}.runs (
      run_id text COLLATE "C" PRIMARY KEY,
      agent text COLLATE "C" NOT NULL,
      owner text COLLATE "C",
      thread_id text COLLATE "C" NOT NULL,
      continues text COLLATE "C",
      is_retry boolean NOT NULL,
      title text COLLATE "C",
      input_text text COLLATE "C",
      status text COLLATE "C" NOT NULL,
      status_group text COLLATE "C" NOT NULL,
      created_at float8 NOT NULL,
      updated_at float8 NOT NULL,
      revision bigint NOT NULL,
      commit_id text COLLATE "C" NOT NULL,
      iteration integer NOT NULL,
      item_count integer NOT NULL,
      response_id text COLLATE "C",
      queued boolean NOT NULL DEFAULT false,
      wake_at timestamptz,
      halted_reason text,
      halted_since timestamptz,
      halted_version text,
      resume_manual boolean NOT NULL DEFAULT false,
      head text NOT NULL
    ) WITH (fillfactor = 60);
    CREATE INDEX runs_by_age ON ${schema}.runs ((-created_at), run_id);
    CREATE INDEX runs_by_status ON ${schema}.runs (status_group, created_at DESC, run_id);
    CREATE INDEX runs_by_owner ON ${schema}.runs (owner, created_at DESC) WHERE owner IS NOT NULL;
    CREATE INDEX runs_by_thread ON ${schema}.runs (thread_id, created_at DESC);
    CREATE INDEX runs_by_wake ON ${schema}.runs (wake_at) INCLUDE (owner) WHERE wake_at IS NOT NULL;
    CREATE INDEX runs_halted ON ${schema}.runs (run_id) WHERE halted_since IS NOT NULL;
    CREATE INDEX runs_for_claims ON ${schema}.runs (created_at, run_id)
      WHERE NOT queued AND status_group = 'active';

    CREATE TABLE ${schema}.responses (
      run_id text COLLATE "C" PRIMARY KEY,
      response_id text COLLATE "C" NOT NULL
    );
    CREATE INDEX responses_by_id ON ${schema}.responses (response_id);

    CREATE TABLE ${schema}.items (
      run_id text COLLATE "C" NOT NULL,
      position integer NOT NULL,
      iteration integer NOT NULL,
      items text NOT NULL,
      PRIMARY KEY (run_id, position)
    );

    CREATE TABLE ${schema}.claims (
      run_id text COLLATE "C" PRIMARY KEY,
      owner text COLLATE "C" NOT NULL,
      until timestamptz NOT NULL
    );
    CREATE INDEX claims_by_owner ON ${schema}.claims (owner);

    CREATE TABLE ${schema}.owners (
      owner text COLLATE "C" PRIMARY KEY,
      until timestamptz NOT NULL
    );
    CREATE INDEX owners_by_end ON ${schema}.owners (until);

    CREATE TABLE ${schema}.inbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      run_id text COLLATE "C" NOT NULL,
      message text NOT NULL
    );
    CREATE INDEX inbox_by_run ON ${schema}.inbox (run_id, id);

    CREATE TABLE ${schema}.webhooks (
      response_id text COLLATE "C" PRIMARY KEY,
      received_at timestamptz NOT NULL
    );
    CREATE INDEX webhooks_by_age ON ${schema}.webhooks (received_at);

    CREATE TABLE ${schema}.watches (
      run_id text COLLATE "C" PRIMARY KEY,
      until timestamptz NOT NULL
    );
    CREATE INDEX watches_by_end ON ${schema}.watches (until);
    `,
  ];
}
