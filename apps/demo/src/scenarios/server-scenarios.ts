import type { Scenario, ServerScenarioId } from './scenario.ts';

/** Tasks for the agent on the server. */
export const serverScenarios: readonly Scenario<ServerScenarioId>[] = [
  {
    id: 'sales',
    title: 'How did sales develop?',
    shows: 'SQL on the server, a chart',
    prompt: 'How did sales develop in 2025, month by month? And which customers are late with payments?',
  },
  {
    id: 'offer',
    title: 'Send an offer to the best customer',
    shows: 'A secret, your approval',
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
