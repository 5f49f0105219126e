import { tool } from '@longhaul/core';
import * as z from 'zod';

/** Answered by whoever sits in front of the page: without `execute` the run waits for an output from outside. */
export const askPerson = tool({
  name: 'ask_person',
  description: 'Asks the person a question and waits for the answer, for days if need be.',
  parameters: z.object({
    question: z.string(),
    options: z.array(z.string()).describe('Up to five answers to choose from; empty for free text.'),
  }),
});
