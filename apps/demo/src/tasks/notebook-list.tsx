import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { notebook, removeNote } from '../notes/notebook.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import styles from './notebook-list.module.css';

/** Shows the notes that the agent has saved with approval. Hidden while there are none. */
export function NotebookList(): ReactElement | null {
  const notes = useStoredValue(notebook);
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="notebook-title" className={styles['notebook']}>
      <h2 id="notebook-title" className={styles['heading']}>
        Notebook
      </h2>
      <ul className={styles['list']}>
        {notes.map(({ id, title, body }) => (
          <li key={id} className={styles['note']}>
            <strong>{title}</strong>
            <button type="button" aria-label={`Remove “${title}”`} onClick={() => removeNote(id)}>
              <X size={14} aria-hidden="true" />
            </button>
            <p>{body}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
