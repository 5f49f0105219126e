import * as fc from 'fast-check';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { Broken } from '../../test-support/engine/invariants.ts';
import { Play } from '../../test-support/engine/play.ts';
import { choices, setupOf, type Choice } from '../../test-support/engine/run-setup.ts';

const deep = process.env['LONGHAUL_DEEP'] === '1';
const runsPerTest = deep ? 10_000 : 1_000;
const slices = deep ? 100 : 10;
/** Some seconds on an idle machine; a busy one must not make the invariants look broken. */
const patienceMs = 600_000;
/** The slices are seeded one after the other from here; a failure prints its own seed. */
const firstSeed = Number(process.env['LONGHAUL_SEED'] ?? 20_261_122);

/** One number a move: 0 is the friendliest thing that can happen next, so that failures shrink towards a plain run. */
const moves = fc.array(fc.nat(0xffffff), { maxLength: 32, size: 'max' });

function make(play: Play, move: number): void {
  const how = move & 0xfff;
  const which = (move >> 12) & 15;
  const kind = move >> 16;
  if (kind < 215) return void play.go(which, how);
  if (kind < 225) return play.crash();
  if (kind < 245) return play.noise(which, how);
  if (kind < 248) return play.wait(how * how);
  if (kind < 250) return play.sleep(how * how);
  return kind < 254 ? play.cancel() : play.hold();
}

/** From here on everybody answers, and the model comes to an end. */
function finish(play: Play): void {
  const { world } = play;
  for (let steps = 0; !world.over; steps += 1) {
    if (world.state.draining) play.crash();
    if (steps > 400) throw new Broken('I9', 'the run does not end');
    if (!world.over && !play.go(steps % 3, 0))
      throw new Broken('I9', `the run is stuck: ${world.state.phase.type}`);
  }
}

/** Makes a failure say what led there, which a list of numbers does not. */
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

describe('whatever happens, in whatever order, the engine keeps I1 to I11', () => {
  test.each(Array.from({ length: slices }, (_, slice) => firstSeed + slice))(
    'seed %i',
    (seed) => {
      fc.assert(fc.property(choices, moves, playOut), { seed, numRuns: runsPerTest });
    },
    patienceMs,
  );
});

/** The world answers in the same way for ever: all is lost, all is refused, the model only calls, the tools only fail. */
function playAlike(choice: Choice, how: number): void {
  const { policy, ...setup } = setupOf(choice);
  const play = new Play({ ...setup, policy: { ...policy, runMs: 300_000, queuedMs: 100_000 } });
  traced(play, () => {
    for (let steps = 0; !play.world.over; steps += 1) {
      // Somebody who decides what nobody asked leaves the run waiting, at no cost, for as long as need be.
      if (steps > 100 && play.world.state.status === 'requires_action') return;
      if (steps > 5_000 || !play.go(steps % 3, how)) throw new Broken('I9', 'the run does not end');
    }
  });
}

describe('a world that never gives way', () => {
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
