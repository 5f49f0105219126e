import type { LucideIcon } from 'lucide-react';
import type { Scenario, ScenarioId } from '../scenarios/scenario.ts';

/** A task in the list of the start page. */
export interface Task extends Scenario {
  readonly icon: LucideIcon;
}

export function withIcons<Id extends ScenarioId>(
  scenarios: readonly Scenario<Id>[],
  icons: Readonly<Record<Id, LucideIcon>>,
): readonly Task[] {
  return scenarios.map((scenario) => ({ ...scenario, icon: icons[scenario.id] }));
}
