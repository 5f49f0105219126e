import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import { explore } from '../../test-support/ownership/explore.ts';
import { ownershipSpace } from '../../test-support/ownership/ownership-space.ts';
import { deepScenarios, scenarios } from '../../test-support/ownership/scenarios.ts';

const deep = process.env['LONGHAUL_DEEP'] === '1';
/** Without a limit, a machine with endless states would fill the memory. */
const mostStates = 5_000_000;
/** The timeout of a test. */
const timeoutMs = 3_600_000;

/** O1 to O15 hold in every order of events; the scenario defines which events may occur, and how often. */
describe('the ownership machine in every order of events', () => {
  test.each(Object.entries(deep ? { ...scenarios, ...deepScenarios } : scenarios))(
    '%s',
    (name, world) => {
      const { states, moves, violation } = explore(ownershipSpace(nextOwnership, world), mostStates);
      console.info(`${name}: ${states} states, ${moves} moves`);
      expect(violation).toBeUndefined();
    },
    timeoutMs,
  );
});
