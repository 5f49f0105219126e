import { finishAnswer } from '../finish-answer.ts';
import { identify } from '../identify.ts';
import { createRequestCap } from '../limits/request-cap.ts';
import { checkOrigin, preflight } from '../origin.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import { reporterOf } from '../reporter.ts';
import { cancelRun } from './actions/cancel-run.ts';
import { decide } from './actions/decide.ts';
import { deleteRun } from './actions/delete-run.ts';
import { leaseCall } from './actions/lease-call.ts';
import { resumeRun } from './actions/resume-run.ts';
import { steerRun } from './actions/steer-run.ts';
import type { HandlerParts, Visit } from './handler-parts.ts';
import { listRuns } from './lists/list-runs.ts';
import { listThreadRuns, listThreads } from './lists/list-threads.ts';
import { OwnerLists } from './lists/owner-lists.ts';
import { readRunsOptions } from './options/runs-config.ts';
import type { RunsHandlerOptions } from './options/runs-options.ts';
import { errorAnswer } from './refusals.ts';
import { checkQuery } from './request-body.ts';
import { RunsOfVisitors } from './run-access.ts';
import { matchRunsRoute, routeMethods, type RunsRoute } from './runs-route.ts';
import { ShownRuns } from './shown-runs.ts';
import { RunStarts } from './start/run-starts.ts';
import { startRun } from './start/start-run.ts';
import { RunFeeds } from './stream/run-feeds.ts';
import { StreamPlaces } from './stream/stream-places.ts';
import { StreamTimes } from './stream/stream-times.ts';
import { streamRun } from './stream/stream-run.ts';
import { streamRuns } from './stream/stream-runs.ts';

/** The longest id of an owner. It is saved with each run. */
const longestOwner = 512;

function routeOf(url: URL): RunsRoute {
  const route = matchRunsRoute(url.pathname, url.searchParams.has('runs'));
  if (route === undefined) throw new Refusal(404, 'not_found', 'This server has no such route.');
  return route;
}

async function serve<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
  route: RunsRoute,
): Promise<Response> {
  const { request, url } = visit;
  if (route.kind === 'runs' && request.method === 'GET') return listRuns(parts, visit);
  if (route.kind === 'threads') return listThreads(parts, visit);
  if (route.kind === 'events') return streamRun(parts, visit, route.runId);
  if (route.kind === 'streams') return streamRuns(parts, visit);
  if (route.kind === 'run' && request.method === 'DELETE') return deleteRun(parts, visit, route.runId);
  checkQuery(url.searchParams, []);
  switch (route.kind) {
    case 'runs':
      return startRun(parts, visit);
    case 'run':
      return parts.access.use(visit.principal, route.runId, 'read', (run) => parts.shown.answer(run, 200));
    case 'thread':
      return listThreadRuns(parts, visit, route.threadId);
    case 'decisions':
      return decide(parts, visit, route.runId);
    case 'cancel':
      return cancelRun(parts, visit, route.runId);
    case 'resume':
      return resumeRun(parts, visit, route.runId);
    case 'steer':
      return steerRun(parts, visit, route.runId);
    case 'lease':
      return leaseCall(parts, visit, route.runId, route.callId);
  }
}

async function handle<P extends Principal>(
  parts: HandlerParts<P>,
  request: Request,
  report: (error: unknown) => void,
): Promise<Response> {
  const { cors, authorize } = parts.config;
  const url = new URL(request.url);
  const route = routeOf(url);
  const methods: readonly string[] = routeMethods[route.kind];
  const preflightAnswer = preflight(request, cors, methods.join(', '), ['last-event-id']);
  if (preflightAnswer !== undefined) return preflightAnswer;
  checkOrigin(request, cors);
  if (!methods.includes(request.method)) {
    throw new Refusal(405, 'method_not_allowed', `This route accepts only ${methods.join(' and ')}.`, {
      headers: { allow: methods.join(', ') },
    });
  }
  const caller = await identify(request, authorize);
  if (caller instanceof Response) return caller;
  if (caller.owner.length > longestOwner) {
    throw new Refusal(401, 'unauthorized', 'This server does not know who you are.');
  }
  return serve(parts, { request, url, report, ...caller }, route);
}

function partsOf<P extends Principal>(options: RunsHandlerOptions<P>): HandlerParts<P> {
  const config = readRunsOptions(options);
  const { runner, limits, storage, clock } = config;
  const shown = new ShownRuns(runner, config.shown);
  return {
    config,
    shown,
    access: new RunsOfVisitors(config),
    countStart: createRequestCap(storage, limits.startsPerMinute, 'starts'),
    starts: new RunStarts(),
    lists: new OwnerLists(runner, clock),
    feeds: new RunFeeds(shown, clock),
    places: new StreamPlaces(limits.streams),
    times: new StreamTimes(clock, limits),
  };
}

/**
 * Returns a handler that lets pages start, watch and steer the runs of this server. Each visitor uses only runs that
 * `may` allows, and sees no instructions, tool definitions and response ids. It matches the end of the path, so you can
 * mount it at any path. The page's `baseURL` is the part before `/runs`. The handler never rejects.
 *
 * @throws ConfigurationError if an option is invalid
 *
 * @example
 * const runner = createRunner({ client: new OpenAI(), agents: [support], store: sqliteStore({ path: 'runs.db' }) });
 * const handler = createRunsHandler({
 *   runner,
 *   agents: ['support'],
 *   authorize: async (request) => (await sessionOf(request))?.userId ?? new Response(null, { status: 401 }),
 * });
 * app.all('/api/longhaul/*', (context) => handler(context.req.raw));
 */
export function createRunsHandler<P extends Principal>(
  options: RunsHandlerOptions<P>,
): (request: Request) => Promise<Response> {
  const parts = partsOf(options);
  const { cors, onError } = parts.config;
  return async (request) => {
    const report = reporterOf(onError, request);
    try {
      return finishAnswer(await handle(parts, request, report), request, cors, report);
    } catch (error) {
      return finishAnswer(errorAnswer(error, report), request, cors, report);
    }
  };
}
