import { defineAgent, tool } from '@longhaul/core';
import * as z from 'zod';

const getTimeZone = tool({
  name: 'get_time_zone',
  description: 'The time zone of the user.',
  parameters: z.object({}),
  idempotent: true, // if the page closes, another page may execute the call again
});
export const agent = defineAgent({ name: 'clock', model: 'gpt-6-astra', tools: [getTimeZone] });
