import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { arbitraryEvents, hidden } from '../../test-support/redaction/arbitrary-events.ts';
import { expectLaw } from '../../test-support/redaction/expect-law.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import { redactionOf } from '../../src/server/runs/redact/redaction.ts';

const parameters = z.object({});
const agent = defineAgent({
  name: 'a',
  model: 'm',
  tools: [tool({ name: 'open', parameters }), tool({ name: 'closed', parameters, private: true })],
});
const numbered = (bodies: readonly object[]): readonly RunEvent[] =>
  bodies.map((body, index) => ({ ...body, seq: index + 1, at: 10 + index }) as RunEvent);

test.each([
  [false, false],
  [true, false],
  [false, true],
])(
  'a page that applies redacted events has the redacted view, for events in any order (showErrors %s, showRequests %s)',
  (showErrors, showRequests) => {
    const redaction = redactionOf(agent, { showErrors, showRequests });
    fc.assert(
      fc.property(arbitraryEvents, (bodies) => {
        const shown = JSON.stringify(expectLaw(numbered(bodies), redaction));
        const { error, request, ...always } = hidden;
        const secret = [
          ...Object.values(always),
          ...(showErrors ? [] : [error]),
          ...(showRequests ? [] : [request]),
        ];
        expect(secret.filter((text) => shown.includes(text))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  },
);
