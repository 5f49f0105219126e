import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

const noteSchema = v.object({ id: v.string(), title: v.string(), body: v.string() });

export type Note = v.InferOutput<typeof noteSchema>;

/** The visitor's notebook, newest first. The agent's `save_note` writes to it. */
export const notebook: StoredValue<readonly Note[]> = storedValue('notes', v.array(noteSchema), []);

/** Adds a note, or replaces the one with its id. */
export function addNote(note: Note): readonly Note[] {
  const notes = [note, ...notebook.read().filter(({ id }) => id !== note.id)];
  notebook.write(notes);
  return notes;
}

export function removeNote(id: string): void {
  notebook.write(notebook.read().filter((note) => note.id !== id));
}
