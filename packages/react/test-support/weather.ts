import { type Agent, defineAgent, type Tool, tool } from '@longhaul/core';
import * as z from 'zod';

type GetWeather = Tool<
  'get_weather',
  { city: string; days?: number | undefined },
  { tempC: number },
  { user: string }
>;
type Book = Tool<'book', { seats: number }, string>;

const getWeather: GetWeather = tool({
  name: 'get_weather',
  description: 'Current weather in a city.',
  parameters: z.object({ city: z.string(), days: z.number().optional() }),
  execute: (_args, _context: { readonly context: { user: string } }) => ({ tempC: 21 }),
});

const book: Book = tool({
  name: 'book',
  parameters: z.object({ seats: z.number() }),
  needsApproval: true,
  execute: ({ seats }) => `booked ${seats}`,
});

/** An agent with a tool that runs without approval and a tool that needs approval. */
export const weather: Agent<readonly [GetWeather, Book], { umbrella: boolean }> = defineAgent({
  name: 'weather',
  model: 'gpt-6-astra',
  tools: [getWeather, book],
  output: z.object({ umbrella: z.boolean() }),
});
