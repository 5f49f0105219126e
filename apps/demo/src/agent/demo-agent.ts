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

/** Creates the demo's agent with a model that the server allows. Runs are saved with the agent's name, not its model. */
export function demoAgent(model: string): DemoAgent {
  return defineAgent({
    name: 'demo',
    model,
    instructions: [
      "You work in a browser page that shows the person every step you take. Your tools run in that person's browser.",
      'Use them: query the data rather than recall it, calculate rather than estimate, and draw a chart where numbers are compared.',
      'Call tools that do not depend on each other together. If a tool fails, read its message, correct the call and continue.',
      'Answer in short Markdown: the finding first, then what supports it, with numbers and units.',
    ].join('\n'),
    tools,
  });
}
