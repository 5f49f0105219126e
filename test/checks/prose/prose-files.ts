import { execFileSync } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { repositoryRoot } from '../places.ts';
import { proseExtensions } from './text/prose-of.ts';

/** The samples in the tests of the rules break the rules. */
const leftOut = /^test\/checks\/prose\/.*\.test\.ts$/;

/** The files with prose in the repository, or below the given paths, relative to the root of the repository. */
export function proseFiles(paths: readonly string[]): string[] {
  const below = paths.map((path) => relative(repositoryRoot, resolve(path)) || '.');
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...below],
    { cwd: repositoryRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return listed
    .split('\0')
    .filter((file) => proseExtensions.some((extension) => file.endsWith(extension)) && !leftOut.test(file));
}
