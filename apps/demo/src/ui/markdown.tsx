import { lazy, Suspense, type ReactElement } from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';
import styles from './markdown.module.css';

const Rendered = lazy(async () => ({
  default: (await retryOnFailure(() => import('./rendered-markdown.tsx'))).RenderedMarkdown,
}));

/** Renders the model's Markdown. The renderer is loaded with the first text. Until then, the plain text is shown. */
export function Markdown({ text }: { readonly text: string }): ReactElement {
  return (
    <div className={styles['prose']}>
      <Suspense fallback={<p className={styles['raw']}>{text}</p>}>
        <Rendered text={text} />
      </Suspense>
    </div>
  );
}
