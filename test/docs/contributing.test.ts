import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import config from '../../vitest.config.ts';
import { projectFolder, readProjectFile } from './documents.ts';

const page = readProjectFile('CONTRIBUTING.md');

describe('the commands use existing scripts, programs and files:', () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    readProjectFile('package.json'),
  );
  const builtIn = ['test', 'start'];
  const commands = Array.from(page.matchAll(/```sh\n(.*?)```/gs), ([, block = '']) => block)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ +#.*/, ''))
    .filter((line) => line !== '');

  test.each(commands)('%s', (command) => {
    const words = command.split(/ +/).filter((word) => !/^[A-Z_]+=/.test(word));
    const [program, ...args] = words;
    if (program === 'npm') {
      const [first = '', second = ''] = args;
      expect(Object.keys(scripts)).toContain(builtIn.includes(first) ? first : second);
      if (!builtIn.includes(first)) expect(first).toBe('run');
    } else {
      expect(program).toBe('npx');
      expect(existsSync(join(projectFolder, 'node_modules/.bin', args[0] ?? ''))).toBe(true);
    }
    const paths = args.filter((word) => word.includes('/'));
    expect(paths.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
  });

  test('the projects of vitest are named, and no others', () => {
    const named = Array.from(page.matchAll(/--project=(\w+)/g), ([, name]) => name);
    const listed = /one project: ([\w, ]+)/.exec(page)?.[1]?.split(', ') ?? [];
    const projects = config.test?.projects?.map((project) =>
      typeof project === 'object' && 'test' in project ? project.test?.name : undefined,
    );
    // The browser projects exist only if a browser is installed.
    expect([...named, ...listed, 'browser', 'e2e']).toEqual(expect.arrayContaining(projects ?? []));
    expect([...(projects ?? []), 'browser', 'e2e']).toEqual(expect.arrayContaining([...named, ...listed]));
  });
});

/** The files that recipes name, each with the identifiers directly after its link. */
const claims = Array.from(page.matchAll(/\]\(([^)#]+)\)((?: `[^`]+`)+)/g), ([, path = '', names = '']) => ({
  path,
  names: Array.from(names.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
}));

test.each(claims)('$path, which a recipe names, has $names', ({ path, names }) => {
  const source = readFileSync(join(projectFolder, path), 'utf8');
  expect(names.filter((name) => !source.includes(name))).toEqual([]);
});
