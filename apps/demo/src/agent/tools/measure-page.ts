import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { retryOnFailure } from '../../retry-on-failure.ts';

export const measurePageDefinition = {
  name: 'measure_page',
  description:
    'Measures the page the person is looking at: size of the document, load times, bytes transferred, and how it sits in the viewport.',
  parameters: toStandardJsonSchema(v.object({})),
  idempotent: true,
} as const;

/** Measures the page with the browser's APIs. */
export const measurePage = tool({
  ...measurePageDefinition,
  execute: async () => (await retryOnFailure(() => import('./page-measures.ts'))).measure(),
});
