import { agentRunOptions, useRunner } from '@longhaul/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link, Redirect } from 'wouter';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import { RunSkeleton } from '../run/run-skeleton.tsx';
import { threadPath, turnAnchor, type LoopPlace } from '../runner/loop-place.ts';
import { Notice } from '../ui/notice.tsx';

/** Opens a link to a run: shows its conversation, at the turn of the run. */
export function RunLink(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly runId: string;
}): ReactElement {
  const { agent, place, runId } = props;
  const runner = useRunner();
  const { data: view, isError } = useQuery(agentRunOptions(runner, runId, { agent }));
  if (view !== undefined)
    return <Redirect to={`${threadPath(place, view.threadId)}#${turnAnchor(runId)}`} replace />;
  return (
    <main>
      {isError ? (
        <Notice
          title={
            place === 'server' ? 'The server has no such run of yours' : 'This run is not in this browser'
          }
          text={
            place === 'server'
              ? 'The run belongs to another visitor, or it was removed.'
              : 'Runs are stored in the browser that started them. This run was started in another browser, or it was removed.'
          }
        >
          <Link href="/">Start another run</Link>, or choose a conversation from the list.
        </Notice>
      ) : (
        <RunSkeleton />
      )}
    </main>
  );
}
