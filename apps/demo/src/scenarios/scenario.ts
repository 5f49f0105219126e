/**
 * A task that a visitor can start with one click. The simulated model has a script for each; a real model reads the
 * prompt.
 */
export interface Scenario<Id extends ScenarioId = ScenarioId> {
  readonly id: Id;
  readonly title: string;
  /** The feature that the task shows, in a few words. */
  readonly shows: string;
  readonly prompt: string;
}

export type PageScenarioId = 'rainier' | 'odds' | 'page' | 'note' | 'together' | 'mistake' | 'long';
export type ServerScenarioId = 'sales' | 'offer' | 'look' | 'years';
export type ScenarioId = PageScenarioId | ServerScenarioId;
