import * as fc from 'fast-check';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { Broken } from '../../test-support/engine/invariants.ts';
import { Play } from '../../test-support/engine/play.ts';
import { choices, setupOf, type Choice } from '../../test-support/engine/run-setup.ts';

const deep = process.env['LONGHAUL_DEEP'] === '1';
const runsPerTest = deep ? 10_000 : 500;
const slices = deep ? 100 : 10;
/** The time limit, long enough for a busy machine. On an idle machine the test takes some seconds. */
const patienceMs = 600_000;
/** The seed of the first slice. The other slices have the seeds that follow. A failure prints its seed. */
const firstSeed = Number(process.env['LONGHAUL_SEED'] ?? 20_261_122);

/** One number for each move. 0 is the most favourable next event, so failures shrink towards a plain run. */
const moves = fc.array(fc.nat(0xffffff), { maxLength: 32, size: 'max' });

function make(play: Play, move: number): void {
  const how = move & 0xfff;
  const which = (move >> 12) & 15;
  const kind = move >> 16;
  if (kind < 209) return void play.go(which, how);
  if (kind < 215) return play.webhook(how);
  if (kind < 225) return play.crash();
  if (kind < 235) return play.steer(how);
  if (kind < 245) return play.noise(which, how);
  if (kind < 248) return play.wait(how * how);
  if (kind < 250) return play.sleep(how * how);
  return kind < 254 ? play.cancel() : play.hold();
}

/** After this, all parts answer, and the model finishes. */
function finish(play: Play): void {
  const { world } = play;
  for (let steps = 0; !world.over; steps += 1) {
    if (world.state.draining) play.crash();
    if (steps > 400) throw new Broken('I9', 'the run does not end');
    if (!world.over && !play.go(steps % 3, 0))
      throw new Broken('I9', `the run is stuck: ${world.state.phase.type}`);
  }
}

/** Adds the events that led to a failure to its message. */
function traced(play: Play, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) {
      const trace = play.world.trace.map(
        ([phase, what]) => `${phase} ← ${JSON.stringify(what).slice(0, 160)}`,
      );
      error.message += `\n${trace.slice(-40).join('\n')}`;
    }
    throw error;
  }
}

function playOut(choice: Choice, script: readonly number[]): void {
  const setup = setupOf(choice);
  const asGiven = JSON.stringify(setup);
  const play = new Play(setup);
  traced(play, () => {
    for (const move of script) make(play, move);
    finish(play);
  });
  expect(JSON.stringify(setup)).toBe(asGiven);
  expect([setup.spec.tools, setup.input, setup.input[0]].some(Object.isFrozen)).toBe(false);
}

describe('the engine keeps I1 to I12 for any events in any order', () => {
  test.each(Array.from({ length: slices }, (_, slice) => firstSeed + slice))(
    'seed %i',
    (seed) => {
      fc.assert(fc.property(choices, moves, playOut), { seed, numRuns: runsPerTest });
    },
    patienceMs,
  );
});

/** The phase in which an input is steered. */
function placeOf({ world }: Play): string {
  const { phase, status } = world.state;
  if (status === 'requires_action') return status;
  return 'stage' in phase ? `${phase.type}/${phase.stage}` : phase.type;
}

test('the exploration steers in every phase of a run', () => {
  const steered = new Set<string>();
  const note = (choice: Choice, script: readonly number[]): void => {
    const play = new Play(setupOf(choice));
    for (const move of script) {
      const isOver = play.world.over;
      const place = placeOf(play);
      const before = play.world.trace.length;
      make(play, move);
      const [, event] = play.world.trace[before] ?? [];
      if (typeof event === 'object' && event.type === 'steer_asked' && !isOver) steered.add(place);
    }
  };
  fc.assert(fc.property(choices, moves, note), { seed: firstSeed, numRuns: 3_000 });
  expect([...steered].toSorted()).toEqual([
    ...['cancelling/awaiting_id', 'cancelling/cancelling', 'cancelling/confirming'],
    ...['creating/backing_off', 'creating/loading', 'creating/preparing', 'creating/sending'],
    ...['finishing', 'requires_action', 'tools', 'waiting'],
  ]);
});

/**
 * A world that always answers in the same way: all is lost, all is refused, the model only calls, or the tools only
 * fail.
 */
function playAlike(choice: Choice, how: number): void {
  const { policy, ...setup } = setupOf(choice);
  const play = new Play({ ...setup, policy: { ...policy, runMs: 300_000, queuedMs: 100_000 } });
  traced(play, () => {
    for (let steps = 0; !play.world.over; steps += 1) {
      // A decision for a call that does not exist leaves the run waiting for a person, without a limit.
      if (steps > 100 && play.world.state.status === 'requires_action') return;
      if (steps > 5_000 || !play.go(steps % 3, how)) throw new Broken('I9', 'the run does not end');
    }
  });
}

describe('a world that always answers in the same way', () => {
  test(
    'ends every run within its limits (I9)',
    () => {
      fc.assert(fc.property(choices, fc.nat(0xfff), playAlike), {
        seed: firstSeed,
        numRuns: deep ? 20_000 : 400,
      });
    },
    patienceMs,
  );
});
