import { useAgentThreads } from '@longhaul/react';
import { Activity, List, SquarePen } from 'lucide-react';
import { Suspense, useState, type ReactElement } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { Drawer } from '../layout/drawer.tsx';
import { useIsWide } from '../layout/use-media.ts';
import { useApprovalNotice } from '../notify/use-approval-notice.ts';
import { RunSkeleton } from '../run/run-skeleton.tsx';
import { placeOfPath, runRoutes, threadPath, threadRoutes, type LoopPlace } from '../runner/loop-place.ts';
import { listedTitle, listFilter } from '../tasks/conversations-of.ts';
import { SidePanel } from '../tasks/side-panel.tsx';
import { CountBadge } from '../ui/count-badge.tsx';
import { Notice } from '../ui/notice.tsx';
import { ConnectionSwitch } from './connection-switch.tsx';
import { Intro } from './intro.tsx';
import { LoopSwitch } from './loop-switch.tsx';
import { RunLink, ThreadScreen } from './run-parts.ts';
import styles from './workbench.module.css';

/** Widths in rem from which the list, and the inspector, have a column. */
const listWidth = 60;
const inspectorWidth = 80;

type OpenDrawer = 'list' | 'inspector';

/** The panes: conversations on the left, the conversation in the middle, the inspector on the right. */
export function Panes(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly config: DemoConfig;
  /** Whether the header has space for the settings. */
  readonly hasSettings: boolean;
}): ReactElement {
  const { agent, place, config, hasSettings } = props;
  const [path, navigate] = useLocation();
  const hasList = useIsWide(listWidth);
  const isWide = useIsWide(inspectorWidth);
  // A drawer belongs to the page on which it was opened.
  const [opened, setOpened] = useState<{ readonly drawer: OpenDrawer; readonly path: string }>();
  const open = opened?.path === path ? opened.drawer : undefined;
  const [toggle] = useState(() => (drawer: OpenDrawer, isOpen: boolean): void => {
    setOpened(isOpen ? { drawer, path: location.pathname } : undefined);
  });
  const [setInspectorOpen] = useState(
    () =>
      (isOpen: boolean): void =>
        toggle('inspector', isOpen),
  );
  const { data: threads } = useAgentThreads(listFilter);
  useApprovalNotice(threads, (threadId) => navigate(threadPath(place, threadId)));
  const waiting =
    threads?.flatMap(({ threadId, status }) => (status === 'requires_action' ? threadId : [])) ?? [];

  return (
    <>
      {hasList ? (
        <aside className={styles['list']} aria-label="Conversations">
          <SidePanel place={place} waiting={waiting.length} hasWorkers={config.hasWorkers} />
        </aside>
      ) : (
        <Drawer
          side="start"
          label="Conversations and settings"
          isOpen={open === 'list'}
          close={() => toggle('list', false)}
        >
          <SidePanel place={place} waiting={waiting.length} hasWorkers={config.hasWorkers}>
            {!hasSettings && (
              <div className={styles['settings']}>
                <LoopSwitch place={place} />
                {place === 'page' && <ConnectionSwitch />}
              </div>
            )}
          </SidePanel>
        </Drawer>
      )}
      <Switch>
        <Route path={threadRoutes[place]}>
          {({ threadId }) => (
            <Suspense
              fallback={
                <main className={styles['main']}>
                  <RunSkeleton />
                </main>
              }
            >
              <ThreadScreen
                key={threadId}
                agent={agent}
                place={place}
                threadId={threadId}
                listedTitle={listedTitle(threads ?? [], threadId)}
                waiting={waiting}
                config={config}
                isWide={isWide}
                hasTabs={!hasList}
                isInspectorOpen={open === 'inspector'}
                setInspectorOpen={setInspectorOpen}
              />
            </Suspense>
          )}
        </Route>
        <Route path={runRoutes[place]}>
          {({ runId }) => (
            <Suspense fallback={<RunSkeleton />}>
              <RunLink agent={agent} place={place} runId={runId} />
            </Suspense>
          )}
        </Route>
        <Route path="/">
          <main className={styles['main']}>
            <Intro
              place={place}
              agent={agent}
              open={(threadId) => navigate(threadPath(place, threadId))}
              isSimulated={config.mode === 'emulator'}
              hasWorkers={config.hasWorkers}
              waiting={waiting.length}
              settings={hasSettings ? undefined : <LoopSwitch place={place} />}
            />
          </main>
        </Route>
        <Route>
          <main className={styles['main']}>
            <Notice title="Page not found" text="The demo has no page at this address.">
              <Link href="/">Go to the start page</Link>
            </Notice>
          </main>
        </Route>
      </Switch>
      {!hasList && (
        <nav className={styles['tabs']} aria-label="Page">
          <button type="button" onClick={() => toggle('list', true)}>
            <List size={18} aria-hidden="true" /> Conversations
            <span className={styles['badge']}>
              <CountBadge count={waiting.length} tone="person" what="waiting for you" />
            </span>
          </button>
          <Link href="/">
            <SquarePen size={18} aria-hidden="true" /> New
          </Link>
          {placeOfPath(path) !== undefined && (
            <button type="button" onClick={() => toggle('inspector', true)}>
              <Activity size={18} aria-hidden="true" /> Inspector
            </button>
          )}
        </nav>
      )}
    </>
  );
}
