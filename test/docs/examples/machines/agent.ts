import { defineAgent, tool } from '@longhaul/core';
import * as z from 'zod';

const publish = tool({
  name: 'publish',
  parameters: z.object({ title: z.string() }),
  needsApproval: true, // a person decides, maybe after days
  execute: async ({ title }) => `Published “${title}”.`,
});
export const writer = defineAgent({
  name: 'writer',
  model: 'gpt-6-astra',
  tools: [publish],
  request: { store: true },
});
