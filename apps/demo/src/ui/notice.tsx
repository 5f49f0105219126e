import type { ReactElement, ReactNode } from 'react';
import styles from './notice.module.css';

/** Explains why the page has no content. `children` links to other pages. */
export function Notice(props: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className={styles['notice']} role="status">
      <h2 className={styles['title']}>{props.title}</h2>
      <p className={styles['text']}>{props.text}</p>
      <p>{props.children}</p>
    </div>
  );
}
