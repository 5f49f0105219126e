import { expect, test } from 'vitest';
import type { RunSnapshot } from '../../store/run-store.ts';
import { responseIdsOf } from './delete-responses.ts';

function idsOf(head: object, items: readonly object[]): readonly string[] {
  const snapshot: RunSnapshot = JSON.parse(JSON.stringify({ head, items }));
  return responseIdsOf(snapshot);
}

test('the responses of a run are those of all attempts, with the ids of gateways that change them, each once', () => {
  const attempts = [{ responseId: null }, { responseId: 'resp_1' }, { responseId: 'resp_2' }];
  const items = [
    { type: 'input', input: 'Hi', lead: [] },
    { type: 'iteration', iteration: 0, responseId: 'resp_2', endedAs: 'resp_two', attempts },
    { type: 'iteration', iteration: 1, responseId: null, attempts: [] },
  ];
  expect(idsOf({ attempts: [{ responseId: 'resp_3' }] }, items).toSorted()).toEqual([
    'resp_1',
    'resp_2',
    'resp_3',
    'resp_two',
  ]);
});

test('the response of another run, which the first create continues, is not one of them', () => {
  const head = { attempts: [], previousResponseId: 'resp_before', otherPreviousId: 'resp_other' };
  const item = { type: 'item_reference', id: 'resp_before' };
  expect(idsOf(head, [{ type: 'input', input: [item], lead: [] }])).toEqual([]);
});

test('values that cannot be ids are ignored', () => {
  const attempts = ['x', null, { responseId: '..' }, { responseId: 7 }, { responseId: '' }, {}];
  const items = [
    { type: 'iteration', responseId: '.', endedAs: '\ud800', attempts },
    { type: 'iteration', responseId: {}, attempts: 'resp_1' },
  ];
  expect(idsOf({ attempts: null }, items)).toEqual([]);
});
