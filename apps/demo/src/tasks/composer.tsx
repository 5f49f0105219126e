import { ArrowUp } from 'lucide-react';
import { useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import styles from './composer.module.css';

/** The form for a visitor's own task. */
export function Composer({ start }: { readonly start: (task: string) => void }): ReactElement {
  const [task, setTask] = useState('');
  const id = useId();
  const submit = (): void => {
    if (task.trim() === '') return;
    start(task.trim());
    setTask('');
  };
  const submitByKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      className={styles['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        Your task
      </label>
      <textarea
        id={id}
        className={styles['task']}
        rows={3}
        placeholder="Type your own task …"
        value={task}
        onChange={(event) => setTask(event.target.value)}
        onKeyDown={submitByKey}
      />
      <div className={styles['foot']}>
        <span className={styles['hint']}>
          Press <kbd>Enter</kbd> to start
        </span>
        <Button type="submit" look="main" disabled={task.trim() === ''}>
          <ArrowUp size={15} aria-hidden="true" /> Start
        </Button>
      </div>
    </form>
  );
}
