/** Serves the handler of the guide, and under `/view/<run id>` the view that the example reads for the visitor. */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { handler } from './examples/on-a-server/runs.ts';
import { shownView } from './examples/on-a-server/shown-view.ts';

async function answer(request: Request): Promise<Response> {
  const runId = /\/view\/([\w-]+)$/.exec(request.url)?.[1];
  if (runId === undefined) return handler(request);
  return Response.json((await shownView(runId, request.headers)) ?? null);
}
serve({ fetch: answer, port: Number(process.env['PORT']) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
