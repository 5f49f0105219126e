import type { LoopPlace } from '../runner/loop-place.ts';

/**
 * A task that a visitor can start with one click. The simulated model has a script for each; a real model reads the
 * prompt.
 */
export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  /** The feature that the task shows, in a few words. */
  readonly shows: string;
  readonly prompt: string;
}

type PageScenarioId = 'rainier' | 'odds' | 'page' | 'note' | 'together' | 'mistake' | 'long';
type ServerScenarioId = 'sales' | 'offer' | 'look' | 'years';
export type ScenarioId = PageScenarioId | ServerScenarioId;

/** Tasks for the agent in the page. */
const pageScenarios: readonly Scenario[] = [
  {
    id: 'rainier',
    title: 'Is Seattle really rainier than New York?',
    shows: 'SQL, a chart, arithmetic',
    prompt:
      'Is Seattle really rainier than New York? Look at the amount and at the number of wet days, and show me the year.',
  },
  {
    id: 'odds',
    title: 'Odds of a dry fortnight',
    shows: 'Slow tools with progress',
    prompt:
      'How likely are at least ten dry days in two weeks of October, in Seattle and in New York? Simulate it.',
  },
  {
    id: 'page',
    title: 'Inspect this page',
    shows: 'Reading and measuring the page',
    prompt: 'Inspect the page I am looking at: its structure, its controls and how fast it loaded.',
  },
  {
    id: 'note',
    title: 'Find a record, keep a note',
    shows: 'Waits for your approval',
    prompt: 'Find the hottest and the windiest day in the data, and keep them as a note in my notebook.',
  },
  {
    id: 'together',
    title: 'Plan a trip with me',
    shows: 'Asks you questions',
    prompt: 'Help me to choose a month for a trip. Ask me for the city first.',
  },
  {
    id: 'mistake',
    title: 'Make a mistake, and recover',
    shows: 'Tool errors the model recovers from',
    prompt: 'What share of days is sunny in each city? You may guess the column names first.',
  },
  {
    id: 'long',
    title: 'A yearly weather report',
    shows: 'Two minutes, six iterations',
    prompt:
      'Write a weather report year by year, 2012 to 2015, taking your time with each, and compare the years at the end.',
  },
];

/** Tasks for the agent on the server. */
const serverScenarios: readonly Scenario[] = [
  {
    id: 'sales',
    title: 'How did sales develop?',
    shows: 'SQL on the server’s database, a chart',
    prompt: 'How did sales develop in 2025, month by month? And which customers are late with payments?',
  },
  {
    id: 'offer',
    title: 'Send an offer to the best customer',
    shows: 'A secret of the server, your approval',
    prompt:
      'Find the best customer of 2025 and offer 20 pieces of their favourite product with 10 % off. Show me the offer before you send it.',
  },
  {
    id: 'look',
    title: 'Look at my browser',
    shows: 'Tools that this page executes',
    prompt:
      'Look at the page that I use: how many controls does it have, and what are its language and time zone?',
  },
  {
    id: 'years',
    title: 'A yearly sales report',
    shows: 'Two minutes, five iterations',
    prompt:
      'Write a sales report year by year, 2023 to 2025, taking your time with each, and compare the years at the end.',
  },
];

export const scenarios: Readonly<Record<LoopPlace, readonly Scenario[]>> = {
  page: pageScenarios,
  server: serverScenarios,
};
