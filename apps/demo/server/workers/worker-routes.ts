import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import * as v from 'valibot';
import { visitorOf } from '../loop/visitor-sessions.ts';
import { drivingOf, type DriverTable, type RunDriving } from './driver-table.ts';
import { workerActions } from './messages.ts';
import type { Workers } from './supervisor-link.ts';

const order = v.object({ action: v.picklist(workerActions), worker: v.number() });

/** The workers, and those of them that drive the visitor's runs. */
interface WorkersAnswer {
  readonly workers: readonly { readonly number: number; readonly isRunning: boolean }[];
  readonly runs: readonly RunDriving[];
}

/** The routes of the page's list of workers, below the path where they are mounted. */
export function workerRoutes(workers: Workers, drivers: Pick<DriverTable, 'read'>): Hono {
  return new Hono()
    .use(csrf())
    .get('/', async (context) => {
      const { all } = workers;
      const rows = await drivers.read(visitorOf(context)).catch(() => undefined);
      if (rows === undefined) return context.json({ error: 'The database cannot be reached.' }, 503);
      const answer: WorkersAnswer = {
        workers: all.map(({ number, pid }) => ({ number, isRunning: pid !== null })),
        runs: rows.map((row) => drivingOf(row, all)),
      };
      return context.json(answer, 200, { 'cache-control': 'no-store' });
    })
    .post('/', async (context) => {
      const asked = v.safeParse(order, await context.req.json().catch(() => undefined));
      if (!asked.success) return context.json({ error: v.summarize(asked.issues) }, 400);
      const { action, worker } = asked.output;
      if (!workers.all.some(({ number }) => number === worker))
        return context.json({ error: `There is no worker ${worker}.` }, 404);
      workers.order(action, worker);
      return context.body(null, 202);
    });
}
