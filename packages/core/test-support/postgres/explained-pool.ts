import type { Pool } from 'pg';
import type { PostgresPool, PostgresResult, PostgresStatement } from '../../src/store/postgres/pool.ts';

/** A node of a plan, as EXPLAIN describes it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement that was performed. */
export interface ExplainedStatement {
  readonly text: string;
  /** The tables that the plan reads as a whole. */
  readonly scanned: readonly string[];
  /** How often the most repeated part of the plan was executed. */
  readonly loops: number;
  /** The number of pages that it has read. */
  readonly blocks: number;
  /** How long PostgreSQL has planned and executed it, in milliseconds. */
  readonly ms: number;
  readonly plan: PlanNode;
}

type Query = (statement: PostgresStatement) => Promise<PostgresResult>;

function scannedBy(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? '?'] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scannedBy)];
}

function loopsOf(node: PlanNode): number {
  return Math.max(node['Actual Loops'] ?? 0, ...(node.Plans ?? []).map(loopsOf));
}

async function explain(query: Query, statement: PostgresStatement): Promise<ExplainedStatement> {
  const { rows = [] } = await query({
    ...statement,
    text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${statement.text}`,
  });
  const [row] = rows;
  // The application's parsers read the results of statements of pg-boss.
  const [json] = Object.values(Object(row));
  const [explained] = typeof json === 'string' ? JSON.parse(json) : json;
  const plan: PlanNode = explained.Plan;
  return {
    text: statement.text,
    scanned: scannedBy(plan),
    loops: loopsOf(plan),
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    ms: explained['Planning Time'] + explained['Execution Time'],
    plan,
  };
}

/** A Pool that explains each statement before it performs it. */
export function explainedPool(pool: Pool): PostgresPool & { readonly statements: ExplainedStatement[] } {
  const statements: ExplainedStatement[] = [];
  const isExplained = ({ text }: PostgresStatement): boolean =>
    /^\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)/.test(text) && !text.includes('pg_notify');

  /** Explains the statement, which also performs it, and undoes that. */
  async function explainAndUndo(query: Query, statement: PostgresStatement): Promise<void> {
    const plain = (text: string): Promise<PostgresResult> => query({ ...statement, text, values: [] });
    await plain('SAVEPOINT explained');
    statements.push(await explain(query, statement));
    await plain('ROLLBACK TO SAVEPOINT explained');
  }

  return {
    statements,
    on: () => undefined,
    query: async (statement) => {
      if (!isExplained(statement)) return pool.query(statement);
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await explainAndUndo((one) => client.query(one), statement);
        await client.query('ROLLBACK');
      } finally {
        client.release();
      }
      return pool.query(statement);
    },
    connect: async () => {
      const client = await pool.connect();
      return {
        query: async (statement) => {
          if (isExplained(statement)) await explainAndUndo((one) => client.query(one), statement);
          return client.query(statement);
        },
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (error) => client.release(error),
      };
    },
  };
}
