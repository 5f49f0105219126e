import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { addNote } from '../../notes/notebook.ts';

/** Writes to the browser's storage, so the visitor must approve each call. */
export const saveNote = tool({
  name: 'save_note',
  description:
    "Saves a note in the person's notebook, which is stored in this browser. A person approves it first.",
  parameters: toStandardJsonSchema(
    v.object({ title: v.string(), body: v.pipe(v.string(), v.description('Plain text, a few sentences.')) }),
  ),
  needsApproval: true,
  // The call id is the key, so a call that runs again overwrites its own note.
  execute: ({ title, body }, { callId }) => {
    const notes = addNote({ id: callId, title, body });
    return { saved: title, notes: notes.length };
  },
});
