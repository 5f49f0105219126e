import { defineAgent, type Agent } from '@longhaul/core';
import { askPerson } from './tools/ask-person.ts';
import { calculate } from './tools/calculate.ts';
import { drawChart } from './tools/draw-chart.ts';
import { listNotes } from './tools/list-notes.ts';
import { measurePage } from './tools/measure-page.ts';
import { queryData } from './tools/query-data.ts';
import { readPage } from './tools/read-page.ts';
import { saveNote } from './tools/save-note.ts';
import { simulateWeather } from './tools/simulate-weather.ts';

const tools = [
  calculate,
  queryData,
  drawChart,
  simulateWeather,
  readPage,
  measurePage,
  saveNote,
  listNotes,
  askPerson,
] as const;

export type DemoAgent = Agent<typeof tools, undefined>;

/** The demo's agent on a model of the list that the server allows. Runs are saved under its name, not its model. */
export function demoAgent(model: string): DemoAgent {
  return defineAgent({
    name: 'demo',
    model,
    instructions: [
      "You work in a browser page that shows the person every step you take. Your tools run in that person's browser.",
      'Use them: query the data rather than recall it, calculate rather than estimate, and draw a chart where numbers are compared.',
      'Call tools that do not depend on each other in one go. If a tool fails, read its message, mend the call and go on.',
      'Answer in short Markdown: the finding first, then what supports it, with numbers and units.',
    ].join('\n'),
    tools,
  });
}
