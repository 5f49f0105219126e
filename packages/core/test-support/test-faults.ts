import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A test for each fault, and one that the guide names it. */
export function testFaults(cases: Readonly<Record<string, () => Promise<void>>>): void {
  describe('a fault by name', () => {
    test.each(Object.entries(cases))('%s', async (_name, run) => {
      expect.hasAssertions();
      await run();
    });

    test.each(Object.keys(cases))('the guide has %s', (name) => {
      const guide = readFileSync(new URL('../docs/testing.md', import.meta.url), 'utf8');
      expect(guide).toContain(`\`${name}\``);
    });
  });
}
