import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { fieldsOf, type JsonObject } from '../../src/wire/json.ts';

type Method = (...given: unknown[]) => unknown;

/** A pg-boss with some methods replaced. Each replacement receives the original method. */
export function changedBoss(
  boss: PgBoss,
  changes: Readonly<Record<string, (original: Method) => Method>>,
): PgBoss {
  return new Proxy(boss, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      // Its private fields need the object itself.
      const original: Method = (...given) => Reflect.apply(own, target, given);
      return changes[String(name)]?.(original) ?? original;
    },
  });
}

export interface PoolChanges {
  /** The statement is sent when this resolves. */
  readonly before?: (text: string) => Promise<void>;
  /** Changes the rows of an answer. */
  readonly answer?: (text: string, rows: readonly JsonObject[]) => readonly JsonObject[];
  /** Whether the commit of a transaction with these statements fails, as if the connection had broken before it. */
  readonly failsCommit?: (texts: readonly string[]) => boolean;
}

/** Changes what a Pool of `pg` answers. */
export function changePool(pool: Pool, changes: PoolChanges): Pool {
  const { before, answer = (_text, rows) => rows, failsCommit } = changes;
  const query: Method = pool.query.bind(pool);
  const connect = pool.connect.bind(pool);
  const connectFor: Method = connect;
  const changed = async (...given: unknown[]): Promise<unknown> => {
    await before?.(textOf(given));
    return withAnswer(textOf(given), await query(...given), answer);
  };

  async function connectChanged(...callback: unknown[]): Promise<unknown> {
    // `pool.query` passes a callback.
    if (callback.length > 0) return connectFor(...callback);
    const client = await connect();
    const own: Method = client.query.bind(client);
    let texts: string[] = [];
    const queryClient = async (...given: unknown[]): Promise<unknown> => {
      const text = textOf(given);
      if (text.startsWith('BEGIN')) texts = [];
      texts.push(text);
      if (text === 'COMMIT' && failsCommit?.(texts) === true) {
        await own('ROLLBACK');
        throw new Error('Connection terminated unexpectedly');
      }
      return withAnswer(text, await own(...given), answer);
    };
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'query') return queryClient;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  return Object.assign(pool, { query: changed, connect: connectChanged });
}

function textOf([statement]: readonly unknown[]): string {
  return typeof statement === 'string' ? statement : String(Object(statement).text);
}

function withAnswer(text: string, result: unknown, answer: NonNullable<PoolChanges['answer']>): unknown {
  const rows: unknown = Object(result).rows;
  if (!Array.isArray(rows)) return result;
  return Object.assign(Object(result), { rows: answer(text, rows.map(fieldsOf)) });
}

/** Whether a statement saves a run again, which a worker does first with the epoch of a run that it drives. */
export function isSave(text: string): boolean {
  return /^\s*WITH saved AS \(\s*UPDATE/.test(text);
}
