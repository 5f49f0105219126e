import { describe, expect, test } from 'vitest';
import { explore } from '../../test-support/ownership/explore.ts';
import { formerFaults } from '../../test-support/ownership/former-faults.ts';
import { mutants } from '../../test-support/ownership/mutants.ts';
import { ownershipSpace } from '../../test-support/ownership/ownership-space.ts';
import { queueMutants } from '../../test-support/ownership/queue-mutants.ts';

/** The exploration finds each fault within this number of states. */
const mostStates = 50_000;

describe('the exploration finds', () => {
  test.each([...formerFaults, ...mutants, ...queueMutants])('$fault', ({ fault, next, world, breaks }) => {
    const { states, violation } = explore(ownershipSpace(next, world), mostStates);
    console.info(`${fault}: found after ${states} states`);
    expect(violation).toMatch(new RegExp(`^${breaks}\\b`));
  });
});
