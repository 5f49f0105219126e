import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

/** The visitor answers this call: without `execute`, the run waits for an output. */
export const askPerson = tool({
  name: 'ask_person',
  description: 'Asks the person a question and waits for the answer, even for days.',
  parameters: toStandardJsonSchema(
    v.object({
      question: v.string(),
      options: v.pipe(
        v.array(v.string()),
        v.description('Up to five answers to choose from; empty for free text.'),
      ),
    }),
  ),
});
