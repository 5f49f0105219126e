import { eventsOf, scenario, type Scenario } from '../scenario.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import type { Run } from '../../src/run/run.ts';
import { markers, markedTools } from './markers.ts';
import type { Plan } from './arbitrary-plan.ts';

/** Decides about the first waiting call, by the number of the move. */
async function decide(run: Run, move: number): Promise<void> {
  const call = run.view.toolCalls.find(({ status }) => status.startsWith('awaiting_'));
  if (call === undefined) return;
  const { callId, status } = call;
  if (status === 'awaiting_output') {
    await (move % 2 === 0
      ? run.submitToolOutput(callId, { lat: 1 })
      : run.respond([{ type: 'error', callId, message: 'No GPS.' }]));
  } else await (move % 2 === 0 ? run.approve(callId) : run.deny(callId, 'Not today.'));
}

export interface PlannedRun {
  readonly events: readonly RunEvent[];
  readonly scenario: Scenario;
}

/** Performs a plan on the emulator, with markers in everything that a page must not see. */
export async function plannedRun({ mode, script, faults, moves, continuation }: Plan): Promise<PlannedRun> {
  const s = scenario({
    script: [...script],
    faults: [...faults],
    tools: markedTools,
    agent: { instructions: markers.instructions, request: { metadata: { team: markers.metadata } } },
    runner: { mode, continuation },
  });
  const input = [
    { role: 'user', content: 'Should I take an umbrella?' },
    { role: 'developer', content: markers.developerInput },
  ];
  const run = s.start(input, { metadata: { tenant: markers.metadata }, untrusted: { page: 'home' } });
  run.done().catch(() => undefined);
  const events = eventsOf(run);
  for (const move of moves) {
    await s.clock.advance(move * 200);
    if (move === 31) await s.settle(run.cancel(markers.cancelReason));
    else await decide(run, move);
  }
  for (let steps = 0; run.view.driver !== 'none' && steps < 40; steps += 1) {
    await s.clock.advance(20_000);
    await decide(run, 0);
  }
  await s.settle(run.cancel(markers.cancelReason).catch(() => undefined));
  return { events: await s.settle(events), scenario: s };
}
