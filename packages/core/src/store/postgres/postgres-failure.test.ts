import { expect, test } from 'vitest';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { postgresFailure } from './postgres-failure.ts';

/** An error as `pg` throws it for an answer of the server. */
function serverError(code: string): Error {
  return Object.assign(new Error(`refused: ${code}`), { code, severity: 'FATAL', length: 10 });
}

test.each([
  ['08006', 'the connection failed'],
  ['53300', 'no more connections'],
  ['53100', 'disk space'],
  ['57P01', 'stopping'],
  ['57P03', 'starting'],
  ['57014', 'ended the query'],
  ['58030', 'read or write'],
  ['40001', 'another transaction'],
  ['40P01', 'deadlock'],
  ['55P03', 'holds a lock'],
  ['25006', 'accepts no writes'],
])('SQLSTATE %s is `unavailable`: %s', (code, reason) => {
  const cause = serverError(code);
  const failure = postgresFailure(cause, 'save run run-1');
  expect(failure).toBeInstanceOf(StoreError);
  expect(failure).toMatchObject({ code: 'unavailable', message: expect.stringContaining(reason), cause });
  expect(failure).toMatchObject({ message: expect.stringContaining('could not save run run-1') });
});

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
])('the connection error of `pg` is `unavailable`: %s', (message) => {
  expect(postgresFailure(new Error(message), 'load')).toMatchObject({ code: 'unavailable' });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH'])(
  'the network error %s is `unavailable`',
  (code) => {
    const error = Object.assign(new Error('network'), { code });
    expect(postgresFailure(error, 'load')).toMatchObject({ code: 'unavailable' });
    const several = Object.assign(new AggregateError([error]), { code });
    expect(postgresFailure(several, 'load')).toMatchObject({ code: 'unavailable' });
  },
);

test('a failure that waiting does not repair is returned unchanged', () => {
  const errors = [
    serverError('42P01'),
    serverError('28P01'),
    serverError('23505'),
    serverError('42501'),
    new Error('other'),
    new TypeError('x is not a function'),
    new StoreError('conflict', 'revision'),
    new SnapshotError('newer_snapshot', 'newer'),
    'text',
  ];
  for (const error of errors) expect(postgresFailure(error, 'load')).toBe(error);
});
