import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { notebook } from '../../notes/notebook.ts';

export const listNotes = tool({
  name: 'list_notes',
  description: "Reads the person's notebook, newest first.",
  parameters: toStandardJsonSchema(v.object({})),
  execute: () => ({ notes: notebook.read().map(({ title, body }) => ({ title, body })) }),
  idempotent: true,
});
