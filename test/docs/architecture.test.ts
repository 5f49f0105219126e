import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import oxlint from '../../oxlint.config.ts';
import { projectFolder, readProjectFile } from './documents.ts';

const page = readProjectFile('ARCHITECTURE.md');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|---'));

/** The files that rows name, each with the identifiers that the row places in it. */
const claims = rows.flatMap((row) =>
  Array.from(row.matchAll(/\]\(([^)]+)\)([^[|]*)/g), ([, path = '', rest = '']) => ({
    path,
    names: Array.from(rest.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  })),
);

test('each invariant I1 to I12 has a row', () => {
  const cited = rows.map((row) => /^\| (I\d+) \|/.exec(row)?.[1]).filter((name) => name !== undefined);
  expect(cited).toEqual(Array.from({ length: 12 }, (_, index) => `I${index + 1}`));
});

test.each(claims.filter(({ names }) => names.length > 0))('$path has $names', ({ path, names }) => {
  const file = join(projectFolder, path);
  expect(existsSync(file) && statSync(file).isFile(), `${path} is a file`).toBe(true);
  const source = readFileSync(file, 'utf8');
  expect(names.filter((name) => !source.includes(name))).toEqual([]);
});

test('each folder of the sources has one row', () => {
  const folders = readdirSync(join(projectFolder, 'packages/core/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const named = rows.map((row) => /^\| \[([\w-]+)\]\(packages\/core\/src\/\1\)/.exec(row)?.[1]);
  expect(named.filter((name) => name !== undefined).toSorted()).toEqual(folders.toSorted());
});

const rules = JSON.stringify(oxlint.overrides);

test('the allowed imports of each layer are those that the linter enforces', () => {
  const enforced = Array.from(
    rules.matchAll(/"([\w-]+)\/ may import (?:only )?([^"]+?)\."/g),
    ([, layer, imports]) => `${layer}: ${imports}`,
  );
  const listed = rows
    .map((row) => /^\| \[([\w-]+)\]\(packages\/core\/src\/[\w-]+\) \|[^|]*\| ([^|]*?) \|$/.exec(row))
    .filter((match) => match !== null)
    .map(([, layer, imports]) => `${layer}: ${imports}`);
  expect(listed.toSorted()).toEqual([...new Set(enforced)].toSorted());
});

test("the allowed imports between driver's folders are those that the linter enforces", () => {
  const enforced = Array.from(
    rules.matchAll(/"driver\/(\w+)\/ may import (?:only )?([^"]+?) of driver's folders\."/g),
    ([, folder, imports]) => `${folder}: ${imports}`,
  );
  const listed = Array.from(
    page.matchAll(/^\| \[(\w+)\]\(packages\/core\/src\/driver\/\1\) \|[^|]*\| ([^|]*?) \|$/gm),
    ([, folder, imports]) => `${folder}: ${imports}`,
  );
  expect(listed.toSorted()).toEqual([...new Set(enforced)].toSorted());
  expect(listed.length).toBeGreaterThan(0);
});
