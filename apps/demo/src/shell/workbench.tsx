import { useMemo, type ReactElement } from 'react';
import { demoAgent } from '../agent/demo-agent.ts';
import { shopAgentRef } from '../agent/shop-agent-ref.ts';
import { chosenModel } from '../config/chosen-model.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { DemoRunner } from '../runner/demo-runner.tsx';
import { useIsWide } from '../layout/use-media.ts';
import { useLoopPlace } from '../runner/use-loop-place.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { ContactNote } from './contact-note.tsx';
import { Header } from './header.tsx';
import { Panes } from './panes.tsx';
import { preloadRunParts } from './run-parts.ts';
import styles from './workbench.module.css';

/** The width in rem from which the header has space for the settings. Below, they are with the conversations. */
const settingsWidth = 60;

/** The page: a header, and panes with the conversations of the chosen place. */
export function Workbench({ config }: { readonly config: DemoConfig }): ReactElement {
  const place = useLoopPlace(config.hasWorkers ? 'server' : 'page');
  const hasSettings = useIsWide(settingsWidth);
  const chosen = useStoredValue(chosenModel);
  const model = config.models.find((name) => name === chosen) ?? config.models[0] ?? '';
  const pageAgent = useMemo(() => demoAgent(model), [model]);
  return (
    <div className={styles['workbench']} onPointerOver={preloadRunParts} onFocus={preloadRunParts}>
      <Header config={config} model={model} place={place} hasSettings={hasSettings} />
      <DemoRunner place={place} model={model}>
        <Panes
          agent={place === 'server' ? shopAgentRef : pageAgent}
          place={place}
          config={config}
          hasSettings={hasSettings}
        />
      </DemoRunner>
      <ContactNote />
    </div>
  );
}
