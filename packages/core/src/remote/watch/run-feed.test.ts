import { expect, test } from 'vitest';
import { applyEvent } from '../../engine/view/apply-event.ts';
import { emptyView } from '../../engine/view/empty-view.ts';
import type { RunEvent, RunEventBody } from '../../engine/view/run-event.ts';
import type { RunView, WaitingView } from '../../engine/view/run-view.ts';
import { RunFeed } from './run-feed.ts';

const waiting: WaitingView = {
  mode: 'stream',
  responseId: 'response_1',
  responseStatus: 'in_progress',
  attempt: 0,
  startedAt: 0,
};

/** A run whose response has streamed this text. */
function streamed(text: string): RunView {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const item = { type: 'message', id: 'item_1', role: 'assistant', status: 'in_progress', content };
  const items = [{ iteration: 0, outputIndex: 0, done: false, item }];
  const run = { runId: 'run-1', status: 'in_progress', driver: 'elsewhere' } as const;
  return { ...emptyView, ...run, text, items: text === '' ? [] : items, waiting };
}

const restart: RunEventBody = { type: 'stream.connected', iteration: 0, attempts: [], waiting };
const message: RunEventBody = {
  type: 'item.added',
  iteration: 0,
  outputIndex: 0,
  item: {
    type: 'message',
    id: 'item_1',
    role: 'assistant',
    status: 'in_progress',
    content: [{ type: 'output_text', text: '', annotations: [] }],
  },
};

function delta(text: string): RunEventBody {
  return { type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta: text };
}

/** A feed that shows a text, and a function that lets it receive events one after the other. */
function feedWith(text: string) {
  const feed = new RunFeed(streamed(''));
  let seq = 5;
  feed.show(streamed(text), seq);
  const receive = (...bodies: RunEventBody[]): string => {
    for (const body of bodies) feed.receive({ ...body, seq: (seq += 1), at: seq });
    return feed.view.text;
  };
  return { feed, receive };
}

test('text does not become shorter while another process reads the stream of the response again', () => {
  const { feed, receive } = feedWith('abcdef');
  const texts = [
    receive({ type: 'run.driver', driver: 'none' }),
    receive({ type: 'view', view: streamed('') }),
    receive(restart),
    receive(message, delta('abc')),
    receive(delta('def')),
    receive(delta('ghi')),
  ];
  expect(texts).toEqual(['abcdef', 'abcdef', 'abcdef', 'abcdef', 'abcdef', 'abcdefghi']);
  expect(JSON.stringify(feed.view.items)).toContain('"abcdefghi"');
});

test('a view that arrives in the meantime is continued by the next events, not the text that is shown', async () => {
  const { feed, receive } = feedWith('abcdef');
  const events: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of feed.read(undefined, () => undefined)) events.push(event);
  })();
  expect(receive({ type: 'view', view: streamed('abc') })).toBe('abcdef');
  expect(receive(delta('de'))).toBe('abcdef');
  expect(receive(delta('f'), delta('ghi'))).toBe('abcdefghi');
  feed.end();
  await reading;
  expect(events.reduce(applyEvent, emptyView).text).toBe('abcdefghi');
});

test('the text of another response starts again', () => {
  const { receive } = feedWith('abcdef');
  const other = { ...waiting, responseId: 'response_2', attempt: 1 };
  expect(receive({ ...restart, waiting: other })).toBe('');
  expect(receive(message, delta('x'))).toBe('x');
});

test('an event with the driver that is shown changes nothing', () => {
  const { feed } = feedWith('abc');
  const { view } = feed;
  feed.receive({ type: 'run.driver', driver: 'here', seq: 5, at: 9 });
  expect(feed.view).toBe(view);
});

test('a view that a server of an older version sends has the fields that this version has added', () => {
  const { feed, receive } = feedWith('');
  const { steered, metadata, threadId, ...older } = streamed('abc');
  expect([steered, metadata, threadId]).toEqual([[], {}, '']);
  receive({ type: 'view', view: JSON.parse(JSON.stringify(older)) });
  expect(feed.view).toMatchObject({ text: 'abc', steered: [], metadata: {}, threadId: 'run-1' });
});
