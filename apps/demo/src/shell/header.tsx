import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { chosenModel } from '../config/chosen-model.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { ConnectionSwitch } from './connection-switch.tsx';
import styles from './header.module.css';
import { Mark } from './mark.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** The header: the name, the model, the connection mode and the theme. */
export function Header({
  config,
  model,
}: {
  readonly config: DemoConfig;
  readonly model: string;
}): ReactElement {
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
      <div className={styles['end']}>
        <ConnectionSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}
