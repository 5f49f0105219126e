/** The routes of one run with a path segment of their own. */
type RunAction = 'events' | 'decisions' | 'cancel' | 'resume' | 'steer';

/** The route of a path. Ids are not checked yet. */
export type RunsRoute =
  | { readonly kind: 'runs' }
  | { readonly kind: 'streams' }
  | { readonly kind: 'threads' }
  | { readonly kind: 'thread'; readonly threadId: string }
  | { readonly kind: RunAction | 'run'; readonly runId: string }
  | { readonly kind: 'lease'; readonly runId: string; readonly callId: string };

/** The methods of each route. */
export const routeMethods: {
  readonly [Kind in RunsRoute['kind']]: readonly ('GET' | 'POST' | 'DELETE')[];
} = {
  runs: ['GET', 'POST'],
  streams: ['GET'],
  threads: ['GET'],
  thread: ['GET'],
  run: ['GET', 'DELETE'],
  events: ['GET'],
  decisions: ['POST'],
  cancel: ['POST'],
  resume: ['POST'],
  steer: ['POST'],
  lease: ['POST'],
};

const idSegment = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text can be the id of a run, or of a thread, that a page has started. */
export function isRunId(text: unknown): text is string {
  // The paths of a run or a thread with one of these ids would be those of the lists.
  return typeof text === 'string' && text !== 'runs' && text !== 'threads' && idSegment.test(text);
}

const runActions: Readonly<Record<RunAction, true>> = {
  events: true,
  decisions: true,
  cancel: true,
  resume: true,
  steer: true,
};

function isRunAction(segment: string | undefined): segment is RunAction {
  return segment !== undefined && Object.hasOwn(runActions, segment);
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function routeOfRun(runId: string, rest: readonly string[]): RunsRoute | undefined {
  const [action, call, last] = rest;
  switch (rest.length) {
    case 0:
      return { kind: 'run', runId };
    case 1:
      return isRunAction(action) ? { kind: action, runId } : undefined;
    case 3: {
      const callId = action === 'calls' && last === 'lease' ? decoded(call ?? '') : undefined;
      return callId === undefined || callId === '' ? undefined : { kind: 'lease', runId, callId };
    }
    default:
      return undefined;
  }
}

function routeOfThread(segments: readonly string[]): RunsRoute | undefined {
  const threadId = segments.at(-2) === 'threads' ? decoded(segments.at(-1) ?? '') : undefined;
  return threadId === undefined ? undefined : { kind: 'thread', threadId };
}

/**
 * Matches the end of a path, so that the handler can be mounted at any path. Undefined if the handler does not serve
 * the path. The last segment `runs` or `threads` with something that can be a route after it begins the route, so the
 * path before it may contain these segments too. A path with an empty segment has no route: without its id, the path of a run would be the path
 * of another route.
 *
 * @param namesRuns Whether the query has the parameter `runs`. Only the stream of several runs has it, so `…/runs/events`
 * is that stream of a handler at `…/runs`, and not the run with the id `events`. The same applies to `…/threads/events`.
 */
export function matchRunsRoute(pathname: string, namesRuns: boolean): RunsRoute | undefined {
  const segments = pathname.split('/').slice(1);
  if (segments.includes('')) return undefined;
  if (namesRuns && segments.at(-1) === 'events') return { kind: 'streams' };
  const last = segments.at(-1);
  if (last === 'runs' || last === 'threads') return { kind: last };
  for (const length of [1, 2, 4]) {
    const at = segments.length - length - 1;
    if (segments[at] !== 'runs') continue;
    const [runId = '', ...rest] = segments.slice(at + 1);
    // The path of a thread, of a handler at `…/runs`.
    if (runId === 'threads') continue;
    const route = routeOfRun(runId, rest);
    if (route !== undefined) return route;
  }
  return routeOfThread(segments) ?? (last === 'events' ? { kind: 'streams' } : undefined);
}
