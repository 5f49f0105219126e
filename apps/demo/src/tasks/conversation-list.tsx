import { isTerminalRun, type Runner } from '@longhaul/core';
import { formatRunStatus, useAgentRuns, useAgentThreads, useRunner } from '@longhaul/react';
import { X } from 'lucide-react';
import { useId, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { threadPath, type LoopPlace } from '../runner/loop-place.ts';
import { recorder } from '../trace/page-recorder.ts';
import { formatAgo, formatDuration } from '../ui/format.ts';
import { runStatusTone } from '../ui/run-status-text.ts';
import { StatusPill } from '../ui/status-pill.tsx';
import { useNow } from '../ui/use-now.ts';
import { conversationsOf, listFilter, searchConversations, type Conversation } from './conversations-of.ts';
import styles from './conversation-list.module.css';

/** Lists the conversations of this browser, or the visitor's on the server: newest first, with a search. */
export function ConversationList({ place }: { readonly place: LoopPlace }): ReactElement {
  const threads = useAgentThreads(listFilter);
  const runs = useAgentRuns({ limit: 200 });
  const [words, setWords] = useState('');
  const now = useNow(true, 30_000);
  const id = useId();
  if (threads.data === undefined) {
    return <p className={styles['empty']}>{threads.isError ? 'The list cannot be loaded.' : 'Loading …'}</p>;
  }
  const all = conversationsOf(threads.data, runs.data ?? []);
  if (all.length === 0)
    return (
      <p className={styles['empty']}>
        {place === 'server'
          ? 'No conversations yet. The server keeps them, even if it restarts.'
          : 'No conversations yet. They stay in this list after a reload.'}
      </p>
    );
  const found = searchConversations(all, words);
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        Search conversations
      </label>
      <input
        id={id}
        type="search"
        className={styles['search']}
        placeholder="Search"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {found.length === 0 && <p className={styles['empty']}>No title contains “{words}”.</p>}
      <ul className={styles['list']}>
        {found.map((conversation) => (
          <Row key={conversation.threadId} place={place} conversation={conversation} now={now} />
        ))}
      </ul>
    </>
  );
}

function Row(props: {
  readonly place: LoopPlace;
  readonly conversation: Conversation;
  readonly now: number;
}): ReactElement {
  const { place, now } = props;
  const { threadId, title, status, updatedAt, durationMs } = props.conversation;
  const [location, navigate] = useLocation();
  const runner = useRunner();
  const path = threadPath(place, threadId);
  const isActive = !isTerminalRun(status);
  return (
    <li className={styles['row']}>
      <Link href={path} className={styles['run']} aria-current={location === path ? 'page' : undefined}>
        <span className={styles['title']} title={title}>
          {title}
        </span>
        <span className={styles['facts']}>
          {status === 'completed' ? (
            <span title="The time of all turns">
              {durationMs === undefined ? 'Done' : formatDuration(durationMs)}
            </span>
          ) : (
            <StatusPill tone={runStatusTone[status]} live={isActive} quiet>
              {formatRunStatus(status)}
            </StatusPill>
          )}
          <span>{formatAgo(updatedAt, now)}</span>
        </span>
      </Link>
      {!isActive && (
        <button
          type="button"
          className={styles['remove']}
          aria-label={`Remove “${title}”`}
          onClick={() => {
            if (location === path) navigate('/');
            // A conversation with an active branch stays in the list.
            removeThread(runner, threadId).catch(() => undefined);
          }}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

/** Deletes all runs of a conversation, branch by branch. */
async function removeThread(runner: Runner, threadId: string): Promise<void> {
  const runs = await runner.listThreadRuns(threadId);
  for (const { runId } of runs.filter(({ continues }) => continues === undefined)) {
    await runner.delete(runId, { branch: true });
  }
  for (const { runId } of runs) recorder.forget(runId);
}
