/**
 * A timeout in milliseconds for waits in a test, so long that the test's own timeout ends first. `vitest.config.ts`
 * adapts the timeout of tests to the machine.
 */
export const untilTestEnds = 2_147_483_647;
