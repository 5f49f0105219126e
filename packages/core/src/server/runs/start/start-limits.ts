import type { RunStatus } from '../../../engine/view/run-view.ts';
import { tooMany } from '../../limits/request-cap.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts } from '../handler-parts.ts';

const dayMs = 24 * 3_600_000;

/** Active runs, without those that wait for a person. */
const busy: readonly RunStatus[] = ['queued', 'in_progress', 'running_tools', 'cancelling'];

/** When a client may try again, if it is not known when an active run will end, in milliseconds. */
const retryAfterMs = 5_000;

/** How soon a client may try again after the tokens of a day are used, in milliseconds. The first run may be days old. */
const tokensRetryMs = 600_000;

/** The number of runs that one query lists. */
const page = 100;

/** The tokens of the owner's runs that were started in the last 24 hours. Stops counting at `enough`. */
async function tokensOfDay<P extends Principal>(
  { config: { runner, clock } }: HandlerParts<P>,
  owner: string,
  enough: number,
): Promise<number> {
  const since = clock.now() - dayMs;
  let tokens = 0;
  let after: string | undefined;
  for (;;) {
    const listed = await runner.list({ owner, limit: page, after });
    for (const { createdAt, usage } of listed) {
      if (createdAt < since) return tokens;
      tokens += usage.totalTokens;
    }
    after = listed.at(-1)?.runId;
    if (listed.length < page || tokens >= enough) return tokens;
  }
}

/**
 * Refuses a start over a limit, and counts it otherwise. A start that the other limits refuse is not counted: a page
 * repeats it until a run ends, and would use up its starts of the minute. `starting`: the ids of the owner's runs that
 * are not saved yet and were requested before this one. The store does not list them.
 */
export async function checkStartLimits<P extends Principal>(
  parts: HandlerParts<P>,
  owner: string,
  starting: ReadonlySet<string>,
): Promise<void> {
  const { runner, limits } = parts.config;
  if (Number.isFinite(limits.activeRuns)) {
    const listed = await runner.list({ owner, status: busy, limit: limits.activeRuns });
    const active = new Set([...starting, ...listed.map(({ runId }) => runId)]);
    if (active.size >= limits.activeRuns)
      throw tooMany(`Too many active runs: this server allows ${limits.activeRuns}.`, retryAfterMs);
  }
  if (Number.isFinite(limits.ownerTokensPerDay)) {
    const used = await tokensOfDay(parts, owner, limits.ownerTokensPerDay);
    if (used >= limits.ownerTokensPerDay)
      throw tooMany('Too many tokens: the runs of the last 24 hours have used them up.', tokensRetryMs);
  }
  await parts.countStart(owner);
}
