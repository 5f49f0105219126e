import { describe, expect, test } from 'vitest';
import { functionCall } from '../../test-support/hand-server.ts';
import { created, done, ended, numbered } from '../../test-support/stream-events.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { heard } from '../../test-support/streamed-run.ts';

const pay5 = functionCall('call_1', 'pay', '{"n":5}');

describe('two call items with the same call_id (TanStack/ai 199)', () => {
  const otherItem = { ...pay5, id: 'fc_2' };
  const otherArguments = { ...pay5, arguments: '{"n":6}' };

  test.each<[string, JsonObject]>([
    ['another item id', otherItem],
    ['other arguments', otherArguments],
  ])('are rejected as duplicates if the second has %s', async (_name, second) => {
    const streams: (readonly JsonObject[])[] = [
      [created, ended([pay5, second])],
      numbered([created, done(pay5), done(second, 1), ended([])]),
      [created, done(pay5), done(second, 1), ended([])].map((event) => ({ ...event, sequence_number: 0 })),
      [
        { type: 'response.output_item.done', item: pay5 },
        { type: 'response.output_item.done', item: second },
        created,
        ended([]),
      ],
    ];
    for (const events of streams) {
      const { view, ran } = await heard(events);
      expect(view).toMatchObject({ status: 'failed', error: { code: 'duplicate_call_id' } });
      expect(ran).toEqual([]);
    }
  });

  test('are rejected as duplicates if the second has other arguments at the index of the first', async () => {
    const { view, ran } = await heard(numbered([created, done(pay5), done(otherArguments), ended([])]));
    expect(view).toMatchObject({ status: 'failed', error: { code: 'duplicate_call_id' } });
    expect(ran).toEqual([]);
  });

  test('are treated as one call if a stream sends it twice at one index, with a new item id for each event', async () => {
    const { ran } = await heard(numbered([created, done(pay5), done(otherItem), ended([])]));
    expect(ran).toEqual(['5']);
  });

  test('are treated as one call if a stream sends the same item twice', async () => {
    const streams: (readonly JsonObject[])[] = [
      numbered([created, done(pay5), done(pay5, 1), ended([])]),
      [created, done(pay5), done(pay5), ended([])],
      [created, done(pay5), done(pay5), ended([])].map((event) => ({ ...event, sequence_number: 0 })),
    ];
    for (const events of streams) {
      const { view, ran } = await heard(events);
      expect(view).toMatchObject({ status: 'completed', text: 'Done.' });
      expect(ran).toEqual(['5']);
      expect(view.items.filter(({ item }) => item.type === 'function_call')).toHaveLength(1);
    }
  });
});
