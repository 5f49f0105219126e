import { SquarePen } from 'lucide-react';
import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { retryOnFailure } from '../retry-on-failure.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { CountBadge } from '../ui/count-badge.tsx';
import { ConversationList } from './conversation-list.tsx';
import { NotebookList } from './notebook-list.tsx';
import styles from './side-panel.module.css';

/** Loaded only if worker processes drive the runs. */
const WorkerPanel = lazy(async () => ({
  default: (await retryOnFailure(() => import('../workers/worker-panel.tsx'))).WorkerPanel,
}));

/** The conversations of a place, and the notebook. `children` are the settings, where the header has no space for them. */
export function SidePanel({
  place,
  waiting,
  hasWorkers,
  children,
}: {
  readonly place: LoopPlace;
  /** The number of conversations that wait for the visitor. */
  readonly waiting: number;
  /** Whether worker processes drive the runs of the server. */
  readonly hasWorkers: boolean;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <div className={styles['panel']}>
      <Link href="/" className={styles['new']}>
        <SquarePen size={15} aria-hidden="true" /> New conversation
      </Link>
      {children}
      {place === 'server' && hasWorkers && (
        <section aria-labelledby="workers-title" className={styles['section']}>
          <h2 id="workers-title" className={styles['heading']}>
            Workers
          </h2>
          <Suspense>
            <WorkerPanel />
          </Suspense>
        </section>
      )}
      <section aria-labelledby="conversations-title" className={styles['section']}>
        <h2 id="conversations-title" className={styles['heading']}>
          Conversations <CountBadge count={waiting} tone="person" what="waiting for you" />
        </h2>
        <ConversationList place={place} />
      </section>
      {place === 'page' && <NotebookList />}
    </div>
  );
}
