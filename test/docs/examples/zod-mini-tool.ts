import { tool } from '@longhaul/core';
import '@longhaul/core/zod-mini';
import * as z from 'zod/mini';

z.config(z.locales.en());

export const getWeather = tool({
  name: 'get_weather',
  description: 'Current weather in a city.',
  parameters: z.object({
    city: z.string().check(z.describe('The English name of the city.')),
    days: z.optional(z.int().check(z.minimum(1), z.maximum(7))),
  }),
  execute: ({ city, days = 1 }) => `${city}: sunny for ${days} days`,
});
