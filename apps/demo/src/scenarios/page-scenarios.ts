import type { PageScenarioId, Scenario } from './scenario.ts';

/** Tasks for the agent in the page. */
export const pageScenarios: readonly Scenario<PageScenarioId>[] = [
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
    shows: 'Recovery from tool errors',
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
