import type { ModelScript } from '../script-step.ts';
import { decimal, monthNames, numberIn, resultOf, rowsOf } from '../table.ts';

const totals = `SELECT location, round(sum(precipitation)) AS total_mm, sum(precipitation > 0) AS wet_days, count(*) AS days
FROM weather GROUP BY location ORDER BY location DESC`;
const byMonth = `SELECT CAST(strftime('%m', date) AS INTEGER) AS month,
  round(sum(CASE WHEN location = 'Seattle' THEN precipitation ELSE 0 END) / 4, 1) AS seattle,
  round(sum(CASE WHEN location = 'New York' THEN precipitation ELSE 0 END) / 4, 1) AS new_york
FROM weather GROUP BY month ORDER BY month`;

export const rainier: ModelScript = [
  () => ({
    summary: [
      '**Two meanings of rainy**\n\nRain can mean how much falls or on how many days. I need both, and the values by month, so I run both queries together.',
    ],
    calls: [
      { name: 'query_data', arguments: { sql: totals, purpose: 'Rainfall and wet days of each city' } },
      { name: 'query_data', arguments: { sql: byMonth, purpose: 'Rainfall by month' } },
    ],
  }),
  (turn) => {
    const [seattle, newYork] = rowsOf(turn, 0);
    const months = rowsOf(turn, 1);
    return {
      summary: [
        '**Amount and frequency differ**\n\nThe totals are close, the wet days are not. I calculate both ratios and draw the year.',
      ],
      calls: [
        {
          name: 'calculate',
          arguments: {
            expression: `round((${numberIn(seattle, 'total_mm')} / ${numberIn(newYork, 'total_mm')} - 1) * 100, 1)`,
          },
        },
        {
          name: 'calculate',
          arguments: {
            expression: `round((${numberIn(seattle, 'wet_days')} / ${numberIn(newYork, 'wet_days')} - 1) * 100, 1)`,
          },
        },
        {
          name: 'draw_chart',
          arguments: {
            title: 'Rain by month, average of 2012 to 2015',
            kind: 'bar',
            unit: 'mm',
            labels: months.map((row) => monthNames[numberIn(row, 'month') - 1] ?? '?'),
            series: [
              { name: 'Seattle', values: months.map((row) => numberIn(row, 'seattle')) },
              { name: 'New York', values: months.map((row) => numberIn(row, 'new_york')) },
            ],
          },
        },
      ],
    };
  },
  (turn) => {
    const [seattle, newYork] = rowsOf(turn, 0);
    const months = rowsOf(turn, 1);
    const wettest = months.toSorted((a, b) => numberIn(b, 'seattle') - numberIn(a, 'seattle'))[0];
    const driest = months.toSorted((a, b) => numberIn(a, 'seattle') - numberIn(b, 'seattle'))[0];
    const name = (row: typeof wettest): string => monthNames[numberIn(row, 'month') - 1] ?? '?';
    return {
      text: [
        `**Seattle is wetter more often, not much wetter.** From 2012 to 2015 it had ${decimal(resultOf(turn, 0))} % more rain than New York, but ${decimal(resultOf(turn, 1))} % more wet days.`,
        '',
        '| | Seattle | New York |',
        '|---|--:|--:|',
        `| Rain in four years | ${decimal(numberIn(seattle, 'total_mm'))} mm | ${decimal(numberIn(newYork, 'total_mm'))} mm |`,
        `| Wet days | ${numberIn(seattle, 'wet_days')} | ${numberIn(newYork, 'wet_days')} |`,
        `| Rain per wet day | ${decimal(numberIn(seattle, 'total_mm') / numberIn(seattle, 'wet_days'))} mm | ${decimal(numberIn(newYork, 'total_mm') / numberIn(newYork, 'wet_days'))} mm |`,
        '',
        `The seasons explain Seattle's reputation. Its rain falls in winter (**${name(wettest)}**, ${decimal(numberIn(wettest, 'seattle'))} mm) and almost stops in summer (**${name(driest)}**, ${decimal(numberIn(driest, 'seattle'))} mm). New York's rain is spread over the year, in heavier showers.`,
      ].join('\n'),
    };
  },
];
