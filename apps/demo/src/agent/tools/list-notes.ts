import { tool } from '@longhaul/core';
import * as z from 'zod';
import { notebook } from '../../notes/notebook.ts';

export const listNotes = tool({
  name: 'list_notes',
  description: "Reads the person's notebook, newest first.",
  parameters: z.object({}),
  execute: () => ({ notes: notebook.read().map(({ title, body }) => ({ title, body })) }),
  idempotent: true,
});
