import type { RunInput } from '@longhaul/core';
import { ArrowUp, Paperclip, Square, X } from 'lucide-react';
import {
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';
import { Button } from '../ui/button.tsx';
import { useDraft } from './use-draft.ts';
import styles from './composer.module.css';

/** The types that are sent inline. */
const accepted = 'image/png,image/jpeg,image/webp,image/gif,application/pdf';

/** The form for a message of a visitor: text, images and PDFs. Enter sends, and Shift+Enter starts a new line. */
export function Composer(props: {
  /** The place of the draft: a text that was not sent is shown again after a reload. */
  readonly draft: string;
  readonly placeholder: string;
  readonly send: (input: RunInput) => unknown;
  /** Stops the active answer. Undefined without one. */
  readonly stop?: (() => void) | undefined;
  /** Whether the answer is being stopped. */
  readonly isStopped?: boolean;
  /** A choice for the message, below the text. */
  readonly children?: ReactNode;
  readonly hint?: ReactNode;
  /** Whether the field takes the focus if nothing has it, for example after the first message of a conversation. */
  readonly takesFocus?: boolean;
}): ReactElement {
  const { draft, placeholder, send, stop, isStopped = false, children, hint, takesFocus = false } = props;
  const [text, setText] = useDraft(draft);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [problem, setProblem] = useState<string>();
  const picker = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen, the focus would open the keyboard.
    const canFocus = document.activeElement === document.body && matchMedia('(hover: hover)').matches;
    if (takesFocus && canFocus) field.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const id = useId();
  const isEmpty = text.trim() === '' && files.length === 0;
  const failed = (error: unknown): void => setProblem(error instanceof Error ? error.message : String(error));

  const submit = async (): Promise<void> => {
    if (isEmpty) return;
    const sent = text.trim();
    setProblem(undefined);
    try {
      // The module is loaded with the first file.
      const input: RunInput =
        files.length === 0
          ? sent
          : await (await retryOnFailure(() => import('./read-files.ts'))).inputWithFiles(sent, files);
      // The field is empty immediately, because a message to an active answer resolves when it is saved.
      setText('');
      setFiles([]);
      await send(input);
    } catch (error) {
      failed(error);
      setText((typed) => (typed === '' ? sent : typed));
      setFiles((chosen) => (chosen.length === 0 ? files : chosen));
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && stop !== undefined) stop();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  const attach = (list: FileList | null): void => {
    // A copy, because the browser empties the list after the event.
    const more = [...(list ?? [])];
    setFiles((chosen) => [...chosen, ...more]);
  };
  return (
    <form
      className={styles['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        attach(event.dataTransfer.files);
      }}
    >
      <div className={styles['box']}>
        {files.length > 0 && (
          <ul className={styles['files']} aria-label="Attached files">
            {files.map((file, index) => (
              <li key={`${index}/${file.name}`}>
                {file.name}
                <button
                  type="button"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => setFiles(files.filter((one) => one !== file))}
                >
                  <X size={13} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <label htmlFor={id} className="visually-hidden">
          Your message
        </label>
        <textarea
          id={id}
          ref={field}
          className={styles['text']}
          rows={1}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            attach(event.clipboardData.files);
          }}
        />
        <div className={styles['foot']}>
          <Button
            look="quiet"
            aria-label="Attach images or PDFs"
            title="Attach images or PDFs"
            onClick={() => picker.current?.click()}
          >
            <Paperclip size={16} aria-hidden="true" />
          </Button>
          <input
            ref={picker}
            type="file"
            hidden
            multiple
            accept={accepted}
            aria-label="Files to attach"
            onChange={(event) => {
              attach(event.target.files);
              event.target.value = '';
            }}
          />
          {children}
          <span className={styles['end']}>
            {stop !== undefined && (
              // It keeps the focus, so it is not disabled: a second click does nothing.
              <Button title="Stop the answer (Esc)" aria-disabled={isStopped} onClick={stop}>
                <Square size={12} aria-hidden="true" /> {isStopped ? 'Cancelling…' : 'Stop'}
              </Button>
            )}
            <Button type="submit" look="main" disabled={isEmpty}>
              <ArrowUp size={15} aria-hidden="true" /> Send
            </Button>
          </span>
        </div>
      </div>
      {problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      {hint !== undefined && <p className={styles['hint']}>{hint}</p>}
    </form>
  );
}
