import type { ErrorView } from '@longhaul/core';
import { formatRunStatus, useAgentThread } from '@longhaul/react';
import { useEffect, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { Inspector, type InspectorTab } from '../inspector/inspector.tsx';
import { Drawer } from '../layout/drawer.tsx';
import { shownStatus } from '../run/page-call.ts';
import { RunSkeleton } from '../run/run-skeleton.tsx';
import { turnAnchor, type LoopPlace } from '../runner/loop-place.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { useStickToEnd } from '../ui/use-stick-to-end.ts';
import { showAnchor } from './anchors.ts';
import type { DemoThread } from './demo-thread.ts';
import { Dock } from './dock.tsx';
import { ThreadBar } from './thread-bar.tsx';
import { Turn } from './turn.tsx';
import { firstWords, textOfParts } from './turn-text.ts';
import { useStop } from './use-stop.ts';
import styles from './thread-screen.module.css';

/** The run of the turn that a link points to. */
function linkedRun(): string | undefined {
  const anchor = turnAnchor('');
  const hash = location.hash.slice(1);
  return hash.startsWith(anchor) ? hash.slice(anchor.length) : undefined;
}

/** Shows a conversation live: its turns, the field for the next message, and the inspector of one turn. */
export function ThreadScreen(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly threadId: string;
  /** The title in the list of conversations, if it is in the list. */
  readonly listedTitle: string | undefined;
  /** The ids of the conversations that wait for the visitor. */
  readonly waiting: readonly string[];
  readonly config: DemoConfig;
  /** Whether the inspector has a column. Otherwise it is a drawer. */
  readonly isWide: boolean;
  /** Whether the page has a bar of its own that opens the inspector. */
  readonly hasTabs: boolean;
  readonly isInspectorOpen: boolean;
  /** The same function in each render. */
  readonly setInspectorOpen: (isOpen: boolean) => void;
}): ReactElement {
  const { agent, place, threadId, listedTitle, waiting, config } = props;
  const { isWide, hasTabs, isInspectorOpen, setInspectorOpen } = props;
  const thread: DemoThread = useAgentThread({ agent, threadId });
  const { turns, edit, regenerate, show, respond } = thread;
  // The functions stay the same, so that turns that have not changed are not rendered again.
  const [actions] = useState(() => ({ edit, regenerate, show, respond }));
  const last = turns.at(-1);
  const [inspected, setInspected] = useState<string>();
  const [tab, selectTab] = useState<InspectorTab>('timeline');
  const [problem, setProblem] = useState<string>();
  const [failed] = useState(
    () =>
      (error: unknown): void =>
        setProblem(error instanceof Error ? error.message : String(error)),
  );
  const stop = useStop(thread, failed);
  const [inspect] = useState(() => (runId: string): void => {
    setInspected(runId);
    setInspectorOpen(true);
  });
  const hasTurns = last !== undefined;
  useEffect(() => {
    const runId = linkedRun();
    if (!hasTurns || runId === undefined) return;
    show(runId);
    showAnchor(turnAnchor(runId));
  }, [hasTurns, show]);

  const title =
    listedTitle ??
    turns.findLast(({ run }) => run.title !== undefined)?.run.title ??
    (firstWords(textOfParts(turns[0]?.input ?? [])) || 'Conversation');
  usePageTitle(
    last && `${formatRunStatus(shownStatus(last.run))}: ${title}`,
    waiting.filter((id) => id !== threadId).length,
  );
  const { pane, end } = useStickToEnd(last);
  if (last === undefined) {
    return (
      <main className={styles['thread']}>
        {thread.isLoading ? <RunSkeleton /> : <Missing error={thread.error} place={place} />}
      </main>
    );
  }
  const shown = turns.find(({ runId }) => runId === inspected) ?? last;
  const inspector = (
    <Inspector
      key={shown.runId}
      agent={agent}
      turn={shown}
      position={turns.indexOf(shown) + 1}
      place={place}
      config={config}
      tab={tab}
      selectTab={selectTab}
      close={isWide ? undefined : () => setInspectorOpen(false)}
    />
  );
  const drivingError =
    thread.error !== undefined && last.run.error === undefined ? thread.error.message : undefined;
  const shownProblem = problem ?? drivingError;
  return (
    <>
      <main className={styles['thread']} aria-labelledby="thread-title">
        <ThreadBar
          title={title}
          exported={() => ({ threadId, title, turns })}
          openInspector={isWide || hasTabs ? undefined : () => setInspectorOpen(true)}
        />
        <div className={styles['transcript']} ref={pane} role="region" aria-label="Transcript" tabIndex={0}>
          <div className={styles['turns']}>
            {thread.hasEarlier && (
              <Button className={styles['earlier']} onClick={thread.loadEarlier}>
                Show earlier turns
              </Button>
            )}
            {turns.map((turn, index) => (
              <Turn
                key={turn.siblings[0] ?? turn.runId}
                agent={agent}
                turn={turn}
                position={index + 1}
                actions={actions}
                isStopped={stop.isStopped && turn === last}
                isInspected={inspected === turn.runId}
                inspect={inspect}
                failed={failed}
              />
            ))}
            <div ref={end} className={styles['end']} />
          </div>
        </div>
        {shownProblem !== undefined && (
          <p className={styles['problem']} role="alert">
            {shownProblem}
            <Button look="quiet" onClick={() => setProblem(undefined)}>
              Close
            </Button>
          </p>
        )}
        <Dock
          thread={thread}
          threadId={threadId}
          place={place}
          config={config}
          stop={stop}
          failed={failed}
          sent={() => end.current?.scrollIntoView({ block: 'end' })}
        />
      </main>
      {isWide ? (
        <aside className={styles['inspector']} aria-label="Run inspector">
          {inspector}
        </aside>
      ) : (
        <Drawer
          side="end"
          label="Run inspector"
          isOpen={isInspectorOpen}
          close={() => setInspectorOpen(false)}
        >
          {inspector}
        </Drawer>
      )}
    </>
  );
}

function Missing({
  error,
  place,
}: {
  readonly error: ErrorView | undefined;
  readonly place: LoopPlace;
}): ReactElement {
  const links = (
    <>
      <Link href="/">Start another conversation</Link>, or choose one from the list.
    </>
  );
  if (error !== undefined && error.code !== 'not_found' && error.code !== 'configuration')
    return (
      <Notice title="The conversation could not be opened" text={error.message}>
        {links}
      </Notice>
    );
  if (place === 'server')
    return (
      <Notice
        title="The server has no such conversation of yours"
        text="It belongs to another visitor, or it was removed."
      >
        {links}
      </Notice>
    );
  return (
    <Notice
      title="This conversation is not in this browser"
      text="Conversations are stored in the browser that started them. This one was started in another browser, or it was removed."
    >
      {links}
    </Notice>
  );
}
