import { Activity, Download } from 'lucide-react';
import { useRef, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import { threadJson, threadMarkdown, type ExportedThread } from './export-thread.ts';
import styles from './thread-screen.module.css';

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A file name of a title. */
function fileName(title: string, extension: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `${name || 'conversation'}.${extension}`;
}

/** The title of the conversation, and what a visitor can do with the whole of it. */
export function ThreadBar(props: {
  readonly title: string;
  readonly exported: () => ExportedThread;
  /** Opens the inspector, if it is a drawer. */
  readonly openInspector: (() => void) | undefined;
}): ReactElement {
  const { title, exported, openInspector } = props;
  const menu = useRef<HTMLDetailsElement>(null);
  const save = (extension: 'md' | 'json'): void => {
    menu.current?.removeAttribute('open');
    const thread = exported();
    if (extension === 'md') download(fileName(title, 'md'), 'text/markdown', threadMarkdown(thread));
    else download(fileName(title, 'json'), 'application/json', threadJson(thread));
  };
  return (
    <header className={styles['bar']}>
      <h2 id="thread-title" className={styles['title']} title={title}>
        {title}
      </h2>
      {openInspector !== undefined && (
        <Button look="quiet" onClick={openInspector}>
          <Activity size={15} aria-hidden="true" /> Inspector
        </Button>
      )}
      <details
        ref={menu}
        className={styles['menu']}
        onKeyDown={(event) => {
          if (event.key === 'Escape') menu.current?.removeAttribute('open');
        }}
      >
        <summary>
          <Download size={15} aria-hidden="true" /> Export
        </summary>
        <div className={styles['menuItems']}>
          <Button look="quiet" onClick={() => save('md')}>
            As Markdown
          </Button>
          <Button look="quiet" onClick={() => save('json')}>
            As JSON
          </Button>
        </div>
      </details>
    </header>
  );
}
