import { emptyView } from '@longhaul/core';
import { ArrowDown, RotateCcw } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Composer } from '../composer/composer.tsx';
import { SimulatedHint } from '../composer/simulated-hint.tsx';
import type { DemoConfig } from '../config/demo-config.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { shownStatus } from '../run/page-call.ts';
import { TryToStopIt } from '../run/try-to-stop-it.tsx';
import { useUndecidedCall } from '../run/use-undecided-call.ts';
import { NotifyButton } from '../notify/notify-button.tsx';
import { Button } from '../ui/button.tsx';
import { StopDriver } from '../workers/stop-driver.tsx';
import { callAnchor, showAnchor } from './anchors.ts';
import type { DemoThread } from './demo-thread.ts';
import { QueueList, SteeredList } from './queue-list.tsx';
import { StatusLine } from './status-line.tsx';
import type { Stop } from './use-stop.ts';
import styles from './dock.module.css';
import { WhileActiveChoice, type WhileActive } from './while-active.tsx';

/** Below the transcript: the state of the last turn, the waiting messages, and the field for the next message. */
export function Dock(props: {
  readonly thread: DemoThread;
  readonly threadId: string;
  readonly place: LoopPlace;
  readonly config: DemoConfig;
  readonly stop: Stop;
  readonly failed: (error: unknown) => void;
  /** Called after a message was sent. */
  readonly sent: () => void;
}): ReactElement {
  const { thread, threadId, place, config, failed, sent } = props;
  const { isStopped, stop } = props.stop;
  const { isActive, queue, unqueue } = thread;
  const [whileActive, setWhileActive] = useState<WhileActive>('steer');
  const last = thread.turns.at(-1);
  const isSimulated = config.mode === 'emulator';
  const undecided = useUndecidedCall(last?.run ?? emptyView);
  const needsPerson = last !== undefined && shownStatus(last.run) === 'requires_action';
  return (
    <div className={styles['dock']}>
      {last !== undefined && (
        <section className={styles['status']} aria-label="Run status">
          <div className={styles['statusRow']}>
            <StatusLine
              view={last.run}
              place={place}
              isActive={isActive}
              hasWorkers={config.hasWorkers}
              isDecided={needsPerson && undecided === undefined}
              isStopped={isStopped}
            />
            {needsPerson && undecided !== undefined && !isStopped && (
              <>
                <NotifyButton />
                <Button onClick={() => showAnchor(callAnchor(undecided))}>
                  <ArrowDown size={14} aria-hidden="true" /> Show
                </Button>
              </>
            )}
            {(last.status === 'failed' || last.status === 'incomplete' || last.status === 'cancelled') && (
              <Button
                title="Continues this answer. No tool that has completed runs again"
                onClick={() => void thread.retry(last.runId).catch(failed)}
              >
                <RotateCcw size={14} aria-hidden="true" />{' '}
                {last.status === 'cancelled' ? 'Continue' : 'Retry'}
              </Button>
            )}
          </div>
          {isActive && isSimulated && (
            <TryToStopIt place={place} canBeKilled={config.canBeKilled} mode={last.run.waiting?.mode}>
              {place === 'server' && config.hasWorkers && <StopDriver runId={last.runId} />}
            </TryToStopIt>
          )}
        </section>
      )}
      {last !== undefined && <SteeredList run={last.run} />}
      <QueueList queue={queue} isActive={isActive} unqueue={unqueue} />
      <Composer
        draft={`${place}.${threadId}`}
        placeholder={isActive ? 'Type while it works …' : 'Ask a follow-up …'}
        takesFocus
        send={(input) => thread.send(input, { whileActive }).then(sent)}
        stop={stop}
        isStopped={isStopped}
        hint={isSimulated && !isActive ? <SimulatedHint /> : undefined}
      >
        {isActive && <WhileActiveChoice chosen={whileActive} choose={setWhileActive} />}
      </Composer>
    </div>
  );
}
