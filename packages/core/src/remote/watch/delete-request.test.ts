import { expect, test } from 'vitest';
import { deletedRuns, deleteError, deletePath } from './delete-request.ts';

function placed(runId: string, continues?: string, status: 'completed' | 'queued' = 'completed') {
  return { runId, status, threadId: 'root', ...(continues !== undefined && { continues }) };
}

test('the path has only the options that are set', () => {
  expect(deletePath('a', {})).toBe('/runs/a');
  expect(deletePath('a', { branch: false, responses: undefined })).toBe('/runs/a');
  expect(deletePath('a/b', { branch: true, responses: true })).toBe('/runs/a%2Fb?branch=true&responses=true');
  expect(() => deletePath('a', Object({ force: true }))).toThrow('delete: `force` must be');
});

test.each<[number, string, string | undefined]>([
  [204, '', undefined],
  [404, 'not_found', undefined],
  [409, 'has_successors', 'has_successors'],
  [409, 'active', 'active'],
  [409, 'conflict', 'run_active'],
  [502, 'delete_failed', 'delete_failed'],
  [503, 'unavailable', 'unavailable'],
  [403, 'forbidden', 'forbidden'],
])('an answer %i with the code %j is the error %j', (status, code, expected) => {
  const answer = { status, body: { error: { code, message: 'Why.' } }, retryAfterMs: 0 };
  expect(deleteError(answer, 'a')?.code).toBe(expected);
});

test('the ended runs after a deleted run are deleted, and those that the page cannot place are unknown', () => {
  const views = [
    placed('root'),
    placed('a', 'root'),
    placed('b', 'a'),
    placed('c', 'b', 'queued'),
    placed('sibling', 'root'),
    placed('lost', 'not-here'),
    { ...placed('foreign', 'not-here'), threadId: 'other' },
  ];
  expect(deletedRuns('a', views)).toEqual({ deleted: ['a', 'b'], unknown: ['c', 'lost'] });
  expect(deletedRuns('not-here', views)).toEqual({ deleted: ['not-here', 'lost', 'foreign'], unknown: [] });
});
