import process from 'node:process';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { createWebhookHandler } from '@longhaul/core/server';
import OpenAI from 'openai';
import { writer } from './agent.ts';
import { store } from './database.ts';

const runner = queueRunner({ store, agents: [writer] });
const worker = createWorker({
  client: new OpenAI(),
  agents: [writer],
  store,
  parkAfterMs: 0, // a run that waits, even for a second, does not keep the function running
});
const secret = process.env['OPENAI_WEBHOOK_SECRET'] ?? '';
const webhooks = createWebhookHandler({ secret, runner });

/** Starts a run, sends its first request, and returns. */
export async function start(request: Request): Promise<Response> {
  const run = runner.start(writer, await request.text());
  await run.saved();
  await worker.drain({ maxMs: 8_000 });
  return Response.json({ runId: run.id }, { status: 202 });
}

/** OpenAI calls it when a response has ended. */
export async function webhook(request: Request): Promise<Response> {
  const answer = await webhooks(request);
  await worker.drain({ maxMs: 8_000 });
  return answer;
}

/** A cron job calls it every minute: for runs whose webhook was lost, and for delays. */
export async function cron(): Promise<Response> {
  await worker.drain({ maxMs: 50_000 });
  return new Response(null, { status: 204 });
}

export async function read(runId: string): Promise<Response> {
  const view = await runner.read(runId);
  return Response.json({ status: view?.status, text: view?.text, halted: view?.halted });
}
