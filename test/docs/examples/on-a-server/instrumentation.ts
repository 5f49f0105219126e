import type { handler as runsHandler } from './runs.ts';

declare global {
  var runsOfVisitors: typeof runsHandler;
}

/** Next.js calls this once per process, before the first request, and not in `next build`. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  globalThis.runsOfVisitors = (await import('./runs.ts')).handler;
}
