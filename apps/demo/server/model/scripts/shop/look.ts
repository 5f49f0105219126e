import * as v from 'valibot';
import type { ModelScript } from '../../script-step.ts';
import { decimal } from '../../table.ts';
import { settingsIn } from './browser.ts';

const page = v.object({ title: v.string(), text: v.string() });
const measures = v.object({
  elements: v.number(),
  viewport: v.object({ width: v.number(), height: v.number() }),
});

export const lookAtBrowser: ModelScript = [
  () => ({
    summary: [
      '**Three calls for the page**\n\nThe server cannot see your browser. Your page executes these calls and sends the results to the server.',
    ],
    calls: [
      { name: 'read_page', arguments: { part: 'controls' } },
      { name: 'measure_page', arguments: {} },
      { name: 'browser_settings', arguments: {} },
    ],
  }),
  (turn) => {
    const read = v.safeParse(page, turn.outputs('read_page').at(-1)?.json);
    const measured = v.safeParse(measures, turn.outputs('measure_page').at(-1)?.json);
    const settings = settingsIn(turn);
    const controls = read.success ? read.output.text.split('\n').filter((line) => line.trim() !== '') : [];
    return {
      text: [
        `**The page “${read.success ? read.output.title : '?'}” has ${controls.length} controls.**`,
        '',
        measured.success
          ? `- **Size:** ${decimal(measured.output.elements)} elements at ${measured.output.viewport.width} × ${measured.output.viewport.height} pixels`
          : '- **Size:** unknown',
        `- **Language:** ${settings?.locale ?? 'unknown'}`,
        `- **Local time:** ${settings?.localTime ?? 'unknown'} (${settings?.timeZone ?? '?'})`,
      ].join('\n'),
    };
  },
];
