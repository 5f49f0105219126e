import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import oxlint from '../../oxlint.config.ts';
import { projectFolder, readProjectFile } from './documents.ts';

const page = readProjectFile('ARCHITECTURE.md');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|---'));

/** A file that a row names, and the identifiers that the row says are there. */
const claims = rows.flatMap((row) =>
  Array.from(row.matchAll(/\]\(([^)]+)\)([^[|]*)/g), ([, path = '', rest = '']) => ({
    path,
    names: Array.from(rest.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  })),
);

test('there is a row for each invariant', () => {
  const cited = rows.map((row) => /^\| (I\d+) \|/.exec(row)?.[1]).filter((name) => name !== undefined);
  expect(cited).toEqual(Array.from({ length: 11 }, (_, index) => `I${index + 1}`));
});

test.each(claims.filter(({ names }) => names.length > 0))('$path has $names', ({ path, names }) => {
  const file = join(projectFolder, path);
  expect(existsSync(file) && statSync(file).isFile(), `${path} is a file`).toBe(true);
  const source = readFileSync(file, 'utf8');
  expect(names.filter((name) => !source.includes(name))).toEqual([]);
});

test('the layers are those of the sources, in one row each', () => {
  const folders = readdirSync(join(projectFolder, 'packages/core/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const named = rows.map((row) => /^\| \[(\w+)\]\(packages\/core\/src\/\1\)/.exec(row)?.[1]);
  expect(named.filter((name) => name !== undefined).toSorted()).toEqual(folders.toSorted());
});

test('the layers may import what the linter lets them', () => {
  const rules = JSON.stringify(oxlint.overrides);
  const enforced = Array.from(
    rules.matchAll(/(\w+)\/ may import (?:only )?([^"]+?)\."/g),
    ([, layer, imports]) => `${layer}: ${imports}`,
  );
  const told = rows
    .map((row) => /^\| \[(\w+)\]\(packages\/core\/src\/\w+\) \|[^|]*\| ([^|]*?) \|$/.exec(row))
    .filter((match) => match !== null)
    .map(([, layer, imports]) => `${layer}: ${imports}`);
  expect(told.toSorted()).toEqual([...new Set(enforced)].toSorted());
});
