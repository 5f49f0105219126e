import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { viewOf } from '../../src/engine/view/view-of.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import type { Part } from '../../src/parts/part.ts';
import { viewParts } from '../../src/parts/view-parts.ts';
import type { DrivenRun } from '../../src/run/driving-runner.ts';
import type { Iteration } from '../../src/testing/index.ts';

const cited = {
  ...{ type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1', filename: 'rain.csv' },
  ...{ start_index: 4, end_index: 8 },
};
/** The model searches, calls `get_weather`, draws and calculates, and answers. */
const script: readonly Iteration[] = [
  {
    items: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'I need the forecast first.' }] },
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'rain' } },
      {
        ...{ type: 'message', role: 'assistant', status: 'completed', phase: 'commentary' },
        content: [{ type: 'output_text', text: 'I will look at the forecast.', annotations: [] }],
      },
    ],
    calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_1' }],
  },
  {
    items: [
      { type: 'image_generation_call', status: 'completed', result: 'aW1n', revised_prompt: 'A cloud' },
      {
        ...{ type: 'code_interpreter_call', status: 'completed', code: 'plot()', container_id: 'cntr_1' },
        outputs: [{ type: 'image', url: 'https://files.test/plot.png' }],
      },
      {
        ...{ type: 'message', role: 'assistant', status: 'completed', phase: 'final_answer' },
        content: [{ type: 'output_text', text: 'See rain.csv for all days.', annotations: [cited] }],
      },
    ],
  },
];

const shapes = [
  'reasoning 0/0',
  'hosted_tool 0/1',
  'text 0/2/0',
  'tool 0/3',
  'hosted_tool 1/0',
  'image 1/0/0',
  'hosted_tool 1/1',
  'image 1/1/0',
  'text 1/2/0',
  'file 1/2/0/cfile_1',
];
const shapesOf = (view: RunView) => viewParts(view).map(({ type, key }) => `${type} ${key}`);

/** Every view of a run, each once. */
function viewsOf(run: DrivenRun): readonly RunView[] {
  const views = [run.view];
  run.subscribe(() => {
    if (views.at(-1) !== run.view) views.push(run.view);
  });
  return views;
}

test('the parts of all iterations have the order in which they came', async () => {
  const world = scenario({ script });
  const run = world.start();
  await world.settle(run.result());
  expect(shapesOf(run.view)).toEqual(shapes);
  const [reasoning, search, commentary, call, , image, , plot, answer, file] = viewParts(run.view);
  expect(reasoning).toMatchObject({ text: 'I need the forecast first.', done: true });
  expect(search).toMatchObject({ name: 'web_search', status: 'completed' });
  expect(commentary).toMatchObject({ phase: 'commentary', text: 'I will look at the forecast.' });
  expect(call).toMatchObject({ call: { callId: 'call_1', status: 'completed' }, done: true });
  expect(image).toMatchObject({ url: 'data:image/png;base64,aW1n', partial: false, prompt: 'A cloud' });
  expect(plot).toMatchObject({ url: 'https://files.test/plot.png' });
  expect(answer).toMatchObject({
    text: run.view.text,
    annotations: [{ filename: 'rain.csv', start: 4, end: 8 }],
  });
  expect(file).toMatchObject({ fileId: 'cfile_1', containerId: 'cntr_1', filename: 'rain.csv' });
});

test('a part that did not change is the same object in each view, and each part only grows', async () => {
  const world = scenario({ script });
  const run = world.start();
  const views = viewsOf(run);
  await world.settle(run.result());
  const known = new Map<string, Part>();
  for (const view of views) {
    const parts = viewParts(view);
    expect(viewParts(view)).toBe(parts);
    // Parts do not disappear while the run continues, and keep their order.
    expect(shapes.filter((shape) => shapesOf(view).includes(shape))).toEqual(shapesOf(view));
    for (const part of parts) {
      const last = known.get(part.key);
      if (JSON.stringify(last) === JSON.stringify(part)) expect(part).toBe(last);
      if (last?.type === 'text' && part.type === 'text') expect(part.text.startsWith(last.text)).toBe(true);
      if (last !== undefined && last.type !== 'tool') expect(last.done && !part.done).toBe(false);
      known.set(part.key, part);
    }
  }
  expect(views.length).toBeGreaterThan(30);
});

test('a generated image is shown before it is complete, and is not saved', async () => {
  const world = scenario({ script });
  const run = world.start();
  const views = viewsOf(run);
  await world.settle(run.result());
  const images = views.flatMap((view) => viewParts(view).filter(({ key }) => key === '1/0/0'));
  expect(images[0]).toMatchObject({
    type: 'image',
    url: 'data:image/png;base64,aW1n',
    partial: true,
    done: false,
  });
  expect(images.at(-1)).toMatchObject({ partial: false, done: true });
  expect(views.flatMap(({ items }) => items.map(({ item }) => item.status))).not.toContain('partial_image');
  const saved = await world.store.load(run.id);
  expect(JSON.stringify(saved)).not.toContain('partialImage');
});

test('the view of a saved run has the same parts', async () => {
  const world = scenario({ script });
  const run = world.start();
  await world.settle(run.result());
  const saved = await world.store.load(run.id);
  if (saved === undefined) throw new Error('The run is not saved.');
  expect(viewParts(viewOf(saved.head, saved.items, 'none'))).toEqual(viewParts(run.view));
});

test('a follower of a run keeps the parts that did not change', async () => {
  const world = scenario({ script });
  const run = world.start();
  await world.quiet();
  const follower = await world.reboot().follow(run.id);
  const views = viewsOf(follower);
  await world.settle(run.result());
  await world.settle(follower.result());
  expect(shapesOf(follower.view)).toEqual(shapes);
  const known = new Map<string, Part>();
  for (const part of views.flatMap((view) => viewParts(view))) {
    const last = known.get(part.key);
    if (JSON.stringify(last) === JSON.stringify(part)) expect(part).toBe(last);
    known.set(part.key, part);
  }
});
