import { invalidRequest } from '../refusals.ts';

const defaultLimit = 100;
const mostEntries = 1_000;
/** The maximum number of queries of the store for one request. With `defaultLimit`, they read 136,500 entries. */
const mostQueries = 6;

/** Reads the parameter `limit` of a list. */
export function readLimit(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(defaultLimit);
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (limit <= mostEntries) return limit;
  throw invalidRequest(`\`limit\` must be a whole number from 0 to ${mostEntries}.`);
}

/** A list of the store, and what a visitor sees of each entry. */
export interface VisitorList<Entry, Shown> {
  readonly limit: number;
  readonly after: string | undefined;
  /** Lists the entries after the one with the id `after`. */
  readonly list: (limit: number, after: string | undefined) => Promise<readonly Entry[]>;
  readonly idOf: (entry: Entry) => string | undefined;
  /** Undefined for an entry that this visitor does not see. */
  readonly show: (entry: Entry) => Promise<Shown | undefined>;
}

/**
 * The entries of a list that a visitor sees. The default of `may` allows all entries of their owner, so the first query
 * usually suffices. Otherwise each query asks for four times as many entries as the one before.
 *
 * @param answered Ends the work: the request was answered without it
 */
export async function visibleEntries<Entry, Shown>(
  { limit, after: first, list, idOf, show }: VisitorList<Entry, Shown>,
  answered: AbortSignal,
): Promise<readonly Shown[]> {
  const visible: Shown[] = [];
  let after = first;
  let asked = limit;
  for (let query = 0; query < mostQueries && asked > 0; query += 1) {
    const listed = await list(asked, after);
    for (const entry of listed) {
      if (answered.aborted) return visible;
      const shown = await show(entry);
      if (shown !== undefined) visible.push(shown);
      if (visible.length === limit) return visible;
    }
    const last = listed.at(-1);
    if (listed.length < asked || last === undefined || answered.aborted) return visible;
    after = idOf(last);
    asked = Math.max(asked, defaultLimit) * 4;
  }
  return visible;
}
