/**
 * The timeout for waits in a test: none in effect, because the test's own timeout applies, which `vitest.config.ts`
 * adapts to the machine.
 */
export const untilTestEnds = 2_147_483_647;
