import { invalidRequest } from '../refusals.ts';
import { checkQuery } from '../request-body.ts';

/** The number of runs that one stream can send. */
const mostRuns = 100;

function asNumber(text: string, name: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw invalidRequest(`${name} must be the number of an event.`);
}

/** The last event that the page has received. A browser that connects again sends the header. */
export function readAfter(query: URLSearchParams, headers: Headers): number | undefined {
  checkQuery(query, ['after']);
  const last = headers.get('last-event-id') ?? '';
  if (last !== '') return asNumber(last, '`Last-Event-ID`');
  const after = query.get('after') ?? '';
  return after === '' ? undefined : asNumber(after, '`after`');
}

export interface WantedRun {
  readonly runId: string;
  readonly after: number | undefined;
}

/** The runs in `runs=<id>:<after>,…`. An id without `:<after>` is a run that is new to the page. */
export function readWantedRuns(query: URLSearchParams): readonly WantedRun[] {
  checkQuery(query, ['runs']);
  const list = query.get('runs') ?? '';
  const parts = list === '' ? [] : list.split(',');
  if (parts.length > mostRuns) throw invalidRequest(`\`runs\` must name at most ${mostRuns} runs.`);
  const wanted = parts.map((part) => {
    const [runId = '', after, ...rest] = part.split(':');
    if (runId === '' || rest.length > 0)
      throw invalidRequest('`runs` must be a list of `<id>` or `<id>:<after>`, separated by commas.');
    return { runId, after: after === undefined ? undefined : asNumber(after, '`after` in `runs`') };
  });
  if (new Set(wanted.map(({ runId }) => runId)).size < wanted.length)
    throw invalidRequest('`runs` must not name a run twice.');
  return wanted;
}
