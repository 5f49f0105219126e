import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Defines two tests for each fault: its case, and a check that the guide names the fault. */
export function testFaults(cases: Readonly<Record<string, () => Promise<void>>>): void {
  describe('each fault', () => {
    test.each(Object.entries(cases))('%s', async (_name, run) => {
      expect.hasAssertions();
      await run();
    });

    test.each(Object.keys(cases))('the guide names %s', (name) => {
      const guide = readFileSync(new URL('../docs/testing.md', import.meta.url), 'utf8');
      expect(guide).toContain(`\`${name}\``);
    });
  });
}
