import { expect, test } from 'vitest';
import { databaseProblem } from './open-database.ts';

test('a platform without the programs of PostgreSQL needs DATABASE_URL', () => {
  expect(databaseProblem({}, true)).toBeUndefined();
  expect(databaseProblem({ DATABASE_URL: 'postgres://localhost/demo' }, false)).toBeUndefined();
  expect(databaseProblem({ DATABASE_URL: '' }, false)).toMatch(/^The package .* set DATABASE_URL .*\.$/);
});
