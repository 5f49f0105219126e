import { tool } from '@longhaul/core';
import * as z from 'zod';
import { addNote } from '../../notes/notebook.ts';

/** Writes to the browser's storage, so a person is asked first. */
export const saveNote = tool({
  name: 'save_note',
  description:
    "Saves a note in the person's notebook, which lives in this browser. A person approves it first.",
  parameters: z.object({ title: z.string(), body: z.string().describe('Plain text, a few sentences.') }),
  needsApproval: true,
  // The call id as key: a call that is executed again overwrites its own note.
  execute: ({ title, body }, { callId }) => {
    const notes = addNote({ id: callId, title, body });
    return { saved: title, notes: notes.length };
  },
});
