import { createRunner, defineAgent, tool } from '@longhaul/core';
import OpenAI from 'openai';
import * as z from 'zod';

const getWeather = tool({
  name: 'get_weather',
  description: 'Current weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, tempC: 21, sky: 'clear' }),
});
const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [getWeather] });
const runner = createRunner({ client: new OpenAI() });

const run = runner.start(agent, 'Should I take an umbrella to Paris?');
for await (const event of run.events()) console.log(event.type);
console.log((await run.result()).text);
