import { CornerDownLeft } from 'lucide-react';
import { useId, useState, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import styles from './follow-up.module.css';

/** Sends the next turn of a finished run's conversation. */
export function FollowUp({ send }: { readonly send: (text: string) => void }): ReactElement {
  const [text, setText] = useState('');
  const id = useId();
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        send(text.trim());
        setText('');
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        Ask a follow-up
      </label>
      <input
        id={id}
        className={styles['input']}
        placeholder="Ask a follow-up"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={text.trim() === ''}>
        <CornerDownLeft size={14} aria-hidden="true" /> Send
      </Button>
    </form>
  );
}
