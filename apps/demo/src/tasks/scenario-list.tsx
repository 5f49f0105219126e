import {
  BookMarked,
  CalendarRange,
  ChartColumn,
  CloudRain,
  Dices,
  Eye,
  MailCheck,
  Route,
  ScanSearch,
  ShieldAlert,
  Signpost,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement } from 'react';
import type { LoopPlace } from '../runner/loop-place.ts';
import { scenarios, type Scenario, type ScenarioId } from '../scenarios/scenarios.ts';
import styles from './scenario-list.module.css';

const icons: Readonly<Record<ScenarioId, LucideIcon>> = {
  rainier: CloudRain,
  odds: Dices,
  page: ScanSearch,
  note: BookMarked,
  together: Signpost,
  mistake: ShieldAlert,
  long: Route,
  sales: ChartColumn,
  offer: MailCheck,
  look: Eye,
  years: CalendarRange,
};

/** Tasks to start with one click. */
export function ScenarioList({
  place,
  start,
}: {
  readonly place: LoopPlace;
  readonly start: (scenario: Scenario) => void;
}): ReactElement {
  return (
    <ul className={styles['list']}>
      {scenarios[place].map((scenario) => {
        const Icon = icons[scenario.id];
        return (
          <li key={scenario.id}>
            <button type="button" className={styles['scenario']} onClick={() => start(scenario)}>
              <Icon size={17} aria-hidden="true" />
              <span className={styles['text']}>
                <span className={styles['title']}>{scenario.title}</span>
                <span className={styles['shows']}>{scenario.shows}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
