import * as fc from 'fast-check';
import process from 'node:process';
import { expect, test } from 'vitest';
import { arbitraryPlan } from '../../test-support/redaction/arbitrary-plan.ts';
import { expectLaw } from '../../test-support/redaction/expect-law.ts';
import { errorMarkers, markers } from '../../test-support/redaction/markers.ts';
import { plannedRun } from '../../test-support/redaction/planned-run.ts';
import { redactionOf } from '../../src/server/runs/redact/redaction.ts';

const deep = process.env['LONGHAUL_DEEP'] === '1';
/** A failure prints its seed. */
const seed = Number(process.env['LONGHAUL_SEED'] ?? 20_261_129);

test('of any run, a page that applies the redacted events has the redacted view, and sees nothing that is hidden', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(arbitraryPlan, async (plan) => {
      const { events, scenario } = await plannedRun(plan);
      const original = JSON.stringify(events);
      const shown = JSON.stringify(expectLaw(events, redactionOf(scenario.agent)));
      const withErrors = JSON.stringify(expectLaw(events, redactionOf(scenario.agent, { showErrors: true })));
      const secrets = [...Object.values(markers), ...(original.match(/resp_\w+/g) ?? [])];
      expect(secrets.filter((text) => shown.includes(text))).toEqual([]);
      expect(secrets.filter((text) => withErrors.includes(text) && !errorMarkers.has(text))).toEqual([]);
      for (const text of secrets) if (original.includes(text)) seen.add(text);
      for (const { type } of events) seen.add(type);
    }),
    { seed, numRuns: deep ? 2_000 : 80 },
  );
  // The runs contained everything that is hidden, and events of all types that the law speaks about.
  expect(Object.values(markers).filter((text) => !seen.has(text))).toEqual([]);
  const types = [
    'attempt.failed',
    'item.delta',
    'items.replaced',
    'stream.dropped',
    'tool.progress',
    'warning',
  ];
  expect(types.filter((type) => !seen.has(type))).toEqual([]);
}, 600_000);
