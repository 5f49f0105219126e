import * as v from 'valibot';
import type { ModelScript } from '../script-step.ts';
import type { Turn } from '../turn.ts';
import { decimal, resultOf } from '../table.ts';

const page = v.object({ text: v.string() });
const measures = v.object({
  elements: v.number(),
  transferredKb: v.number(),
  firstPaintMs: v.nullable(v.number()),
  scrollsSideways: v.boolean(),
  smallTargets: v.number(),
  viewport: v.object({ width: v.number(), height: v.number() }),
});

function linesOf(turn: Turn, nth: number): readonly string[] {
  const parsed = v.safeParse(page, turn.outputs('read_page').at(nth)?.json);
  return parsed.success ? parsed.output.text.split('\n').filter((line) => line.trim() !== '') : [];
}

function measured(turn: Turn): v.InferOutput<typeof measures> | undefined {
  const parsed = v.safeParse(measures, turn.outputs('measure_page').at(0)?.json);
  return parsed.success ? parsed.output : undefined;
}

export const inspectPage: ModelScript = [
  () => ({
    summary: [
      '**Three independent reads**\n\nStructure, controls and measurements do not depend on each other, so I read all three together.',
    ],
    calls: [
      { name: 'read_page', arguments: { part: 'outline' } },
      { name: 'read_page', arguments: { part: 'controls' } },
      { name: 'measure_page', arguments: {} },
    ],
  }),
  (turn) => ({
    calls: [
      {
        name: 'calculate',
        arguments: {
          expression: `round(${measured(turn)?.elements ?? 0} / max(1, ${linesOf(turn, 1).length}), 1)`,
        },
      },
    ],
  }),
  (turn) => {
    const outline = linesOf(turn, 0);
    const controls = linesOf(turn, 1);
    const nameless = controls.filter((line) => line.endsWith('(no name)')).length;
    const facts = measured(turn);
    return {
      text: [
        nameless === 0
          ? `**The page is in good order:** each of its ${controls.length} controls has a name for screen readers.`
          : `**${nameless} of ${controls.length} controls have no name** for screen readers.`,
        '',
        `- **Structure:** ${outline.length} headings. The first is “${outline[0]?.replace(/^#+ /, '') ?? 'none'}”.`,
        `- **Size:** ${decimal(facts?.elements ?? 0)} elements, ${decimal(resultOf(turn, 0))} for each control; ${decimal(facts?.transferredKb ?? 0)} kB transferred.`,
        `- **Speed:** first paint after ${facts?.firstPaintMs ?? '?'} ms.`,
        `- **Layout:** ${facts?.scrollsSideways === true ? 'the page scrolls horizontally' : 'the page does not scroll horizontally'} at ${facts?.viewport.width ?? '?'} × ${facts?.viewport.height ?? '?'} pixels, and ${facts?.smallTargets ?? '?'} targets are smaller than 24 pixels.`,
      ].join('\n'),
    };
  },
];
