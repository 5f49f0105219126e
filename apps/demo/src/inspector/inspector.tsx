import { Tabs } from '@base-ui/react/tabs';
import { X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import type { DemoTurn } from '../run/demo-call.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { useTurnRuns } from '../thread/use-turn-runs.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceRow } from '../ui/choice-row.tsx';
import styles from './inspector.module.css';
import { RequestsPanel } from './requests/requests-panel.tsx';
import { TimelinePanel } from './timeline/timeline-panel.tsx';
import { FaultPanel } from './faults/fault-panel.tsx';
import { FaultSign } from './faults/fault-sign.tsx';

export type InspectorTab = 'timeline' | 'requests' | 'faults';

/** Shows details of one run of a turn: its timeline, its requests, and faults to inject. */
export function Inspector(props: {
  readonly agent: ShownAgent;
  readonly turn: DemoTurn;
  /** The position of the turn in the shown conversation, from 1. */
  readonly position: number;
  readonly place: LoopPlace;
  readonly config: DemoConfig;
  /** Closes the drawer of the inspector. Undefined if it has a column. */
  readonly close: (() => void) | undefined;
  readonly tab: InspectorTab;
  readonly selectTab: (tab: InspectorTab) => void;
}): ReactElement {
  const { agent, turn, position, place, config, close, tab, selectTab } = props;
  const runs = useTurnRuns(agent, turn);
  const [chosen, choose] = useState<string>();
  const view = runs.find(({ runId }) => runId === chosen) ?? turn.run;
  return (
    <Tabs.Root value={tab} onValueChange={selectTab} className={styles['inspector']}>
      <div className={styles['head']}>
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
        <span className={styles['turn']}>Turn {position}</span>
        {close !== undefined && (
          <Button look="quiet" aria-label="Close the inspector" onClick={close}>
            <X size={16} aria-hidden="true" />
          </Button>
        )}
      </div>
      {runs.length > 1 && tab !== 'faults' && (
        <div className={styles['runs']}>
          <ChoiceRow
            legend="Run"
            choices={runs.map(({ runId }, index) => ({
              value: runId,
              label: index === 0 ? 'First' : runs.length === 2 ? 'Continued' : `Continued ${index}`,
            }))}
            chosen={view.runId}
            choose={choose}
          />
        </div>
      )}
      <Tabs.Panel value="timeline" className={styles['panel']}>
        <TimelinePanel key={view.runId} view={view} place={place} />
      </Tabs.Panel>
      <Tabs.Panel value="requests" className={styles['panel']}>
        <RequestsPanel key={view.runId} view={view} place={place} />
      </Tabs.Panel>
      {config.mode === 'emulator' && (
        <Tabs.Panel value="faults" className={styles['panel']}>
          <FaultPanel view={view} place={place} canBeKilled={config.canBeKilled} />
        </Tabs.Panel>
      )}
    </Tabs.Root>
  );
}
