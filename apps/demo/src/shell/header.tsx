import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { chosenModel } from '../config/chosen-model.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { ConnectionSwitch } from './connection-switch.tsx';
import styles from './header.module.css';
import { LoopSwitch } from './loop-switch.tsx';
import { Mark } from './mark.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** The header: the name, the model, where the loop runs, how it receives responses, and the theme. */
export function Header(props: {
  readonly config: DemoConfig;
  readonly model: string;
  readonly place: LoopPlace;
  readonly hasSettings: boolean;
}): ReactElement {
  const { config, model, place, hasSettings } = props;
  return (
    <header className={styles['header']}>
      <Link href="/" className={styles['home']}>
        <Mark size={26} />
        <h1 className={styles['name']}>Longhaul</h1>
      </Link>
      {config.mode === 'emulator' ? (
        <p
          className={styles['simulated']}
          title="The demo's server emulates the Responses API. This needs no API key and costs nothing."
        >
          simulated model
        </p>
      ) : place === 'server' ? (
        // The server's agent has one model.
        <p className={styles['serverModel']}>{config.models[0]}</p>
      ) : (
        <label className={styles['model']}>
          <span className="visually-hidden">Model</span>
          <select value={model} onChange={(event) => chosenModel.write(event.target.value)}>
            {config.models.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {hasSettings && <LoopSwitch place={place} />}
      <div className={styles['end']}>
        {hasSettings && place === 'page' && <ConnectionSwitch />}
        <ThemeSwitch />
      </div>
    </header>
  );
}
