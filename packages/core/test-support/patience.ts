/**
 * For waits in a test: as long as the test itself may take. `vitest.config.ts` sets that deadline, by the machine.
 */
export const untilTestEnds = 2_147_483_647;
