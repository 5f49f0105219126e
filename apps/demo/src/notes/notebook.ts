import * as z from 'zod';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

const noteSchema = z.object({ id: z.string(), title: z.string(), body: z.string() });

export type Note = z.infer<typeof noteSchema>;

/** The person's notebook, newest first: what the agent's `save_note` writes to. */
export const notebook: StoredValue<readonly Note[]> = storedValue('notes', z.array(noteSchema), []);

/** Adds a note, or replaces the one with its id. */
export function addNote(note: Note): readonly Note[] {
  const notes = [note, ...notebook.read().filter(({ id }) => id !== note.id)];
  notebook.write(notes);
  return notes;
}

export function removeNote(id: string): void {
  notebook.write(notebook.read().filter((note) => note.id !== id));
}
