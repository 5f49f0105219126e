import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { sqliteFailure } from './sqlite-failure.ts';

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('a full disk is `unavailable`, with the cause', () => {
  using database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (x TEXT); PRAGMA max_page_count = 2');
  const full = errorOf(() => database.exec(`INSERT INTO t VALUES ('${'x'.repeat(100_000)}')`));
  const failure = sqliteFailure(full, 'save run run-1', 'runs.db');
  expect(failure).toBeInstanceOf(StoreError);
  expect(failure).toMatchObject({
    code: 'unavailable',
    message: 'The store could not save run run-1: runs.db: the disk is full.',
    cause: full,
  });
});

test('a disk failure is `unavailable`, even with an extended code', () => {
  for (const kind of [10, 266, 522, 778, 1034]) {
    const failure = sqliteFailure(
      Object.assign(new Error('disk I/O error'), { errcode: kind }),
      'load',
      'runs.db',
    );
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('failed to read or write'),
    });
  }
});

test('a damaged file causes a SnapshotError, because waiting does not repair it', () => {
  const corrupt = Object.assign(new Error('database disk image is malformed'), { errcode: 267 });
  expect(sqliteFailure(corrupt, 'load run run-1', 'runs.db')).toBeInstanceOf(SnapshotError);
});

test('returns other errors unchanged', () => {
  const conflict = new StoreError('conflict', 'revision');
  expect(sqliteFailure(conflict, 'save', 'runs.db')).toBe(conflict);
  using database = new DatabaseSync(':memory:');
  const fault = errorOf(() => database.exec('SELEC'));
  expect(fault).toBeInstanceOf(Error);
  expect(sqliteFailure(fault, 'save', 'runs.db')).toBe(fault);
});
