import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { retryOnFailure } from '../../retry-on-failure.ts';

export const readPageDefinition = {
  name: 'read_page',
  description:
    'Reads the page the person is looking at: `outline` returns its headings, `controls` its interactive elements with their accessible names, `text` its text.',
  parameters: toStandardJsonSchema(v.object({ part: v.picklist(['outline', 'controls', 'text']) })),
  idempotent: true,
} as const;

/** Reads the page that shows the run. */
export const readPage = tool({
  ...readPageDefinition,
  execute: async ({ part }) => (await retryOnFailure(() => import('./page-text.ts'))).readPart(part),
});
