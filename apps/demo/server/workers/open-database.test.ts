import { expect, test } from 'vitest';
import { databaseProblem } from './open-database.ts';

test('a platform without the programs of PostgreSQL needs DATABASE_URL', () => {
  expect(databaseProblem({}, true)).toBeUndefined();
  expect(databaseProblem({ DATABASE_URL: 'postgres://localhost/demo' }, false)).toBeUndefined();
  expect(databaseProblem({ DATABASE_URL: 'postgresql://localhost/demo' }, false)).toBeUndefined();
  expect(databaseProblem({ DATABASE_URL: '' }, false)).toMatch(/^The package .* set DATABASE_URL .*\.$/);
});

test.each(['mysql://localhost/demo', 'localhost/demo', 'host=localhost user=joe password=secret'])(
  'a DATABASE_URL that is not a connection string of PostgreSQL is refused, without its text: %s',
  (url) => {
    const problem = databaseProblem({ DATABASE_URL: url }, true);
    expect(problem).toMatch(/^DATABASE_URL must be a connection string: postgres:/);
    expect(problem).not.toContain(url);
  },
);
