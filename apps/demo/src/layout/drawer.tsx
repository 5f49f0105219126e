import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import styles from './drawer.module.css';

/** A panel over the page: Escape, or a click outside of it, closes it. */
export function Drawer(props: {
  readonly side: 'start' | 'end';
  readonly label: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { side, label, isOpen, close, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={styles['drawer']}
      data-side={side}
      aria-label={label}
      onClose={close}
      onClick={(event) => {
        // The dialog has no padding, so only its backdrop is a direct target.
        if (event.target === event.currentTarget) close();
      }}
    >
      {isOpen && <div className={styles['content']}>{children}</div>}
    </dialog>
  );
}
