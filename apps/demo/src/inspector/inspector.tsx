import { Tabs } from '@base-ui/react/tabs';
import { agentRunOptions, useRunner } from '@longhaul/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import styles from './inspector.module.css';
import { RequestsPanel } from './requests/requests-panel.tsx';
import { TimelinePanel } from './timeline/timeline-panel.tsx';
import { FaultPanel } from './faults/fault-panel.tsx';
import { FaultSign } from './faults/fault-sign.tsx';

/** Shows details of a run: its timeline, its requests, and faults to inject. */
export function Inspector(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly runId: string;
  readonly config: DemoConfig;
}): ReactElement | null {
  const { agent, place, runId, config } = props;
  const runner = useRunner();
  const { data: view, isError } = useQuery(agentRunOptions(runner, runId, { agent }));
  // The empty element reserves the space while the run loads. A missing run needs no space.
  if (view === undefined) return isError ? null : <span />;
  return (
    <Tabs.Root defaultValue="timeline" className={styles['inspector']}>
      <Tabs.List className={styles['tabs']} aria-label="Run inspector" activateOnFocus>
        <Tabs.Tab value="timeline" className={styles['tab']}>
          Timeline
        </Tabs.Tab>
        <Tabs.Tab value="requests" className={styles['tab']}>
          Requests
        </Tabs.Tab>
        {config.mode === 'emulator' && (
          <Tabs.Tab value="faults" className={styles['tab']}>
            Faults
            <FaultSign />
          </Tabs.Tab>
        )}
        <Tabs.Indicator className={styles['indicator']} />
      </Tabs.List>
      <Tabs.Panel value="timeline" className={styles['panel']}>
        <TimelinePanel view={view} place={place} />
      </Tabs.Panel>
      <Tabs.Panel value="requests" className={styles['panel']}>
        <RequestsPanel view={view} place={place} />
      </Tabs.Panel>
      {config.mode === 'emulator' && (
        <Tabs.Panel value="faults" className={styles['panel']}>
          <FaultPanel view={view} place={place} canBeKilled={config.canBeKilled} />
        </Tabs.Panel>
      )}
    </Tabs.Root>
  );
}
