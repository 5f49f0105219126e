import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectFolder, readProjectFile } from './documents.ts';

/** The sources that users' errors come from; the proxy's guide has the proxy's own. */
const sources = globSync(
  'packages/core/src/{agent,client,driver,engine,errors,run,schema,store,web}/**/*.ts',
  {
    cwd: projectFolder,
    exclude: (name) => /\.test(-d)?\.ts$/.test(name),
  },
)
  .map(readProjectFile)
  .join('\n');

/** The ways in which the sources give an error, a warning, or a call's error its code. */
const ways = [
  /\bcode: '(\w+)'/g,
  /\bcode\b[^;,\n]*\?\? '(\w+)'/g,
  /\bcode: [^;,\n]*\? '(\w+)'/g,
  /\bnew \w+Error\(\s*'(\w+)'/g,
  /\bsuper\(\s*'(\w+)'/g,
  /\bwarn\(\s*'(\w+)'/g,
  /\bstop\('(\w+)'/g,
  /\bfail(?:ed)?\(\s*'(\w+)'/g,
  /\berrorAsData\(\w+, '(\w+)'/g,
  /\b(?:refused|lost): '(\w+)'/g,
  /'(\w+_timeout)'/g,
];

/** Lists of the server's codes that are treated in a way of their own. */
const lists = /\b(?:overload|transient|quota): \[(.*?)\]/gs;

function codesInSources(): readonly string[] {
  const given = ways.flatMap((way) => Array.from(sources.matchAll(way), ([, code = '']) => code));
  const listed = Array.from(sources.matchAll(lists), ([, list = '']) => list);
  const named = listed.flatMap((list) => Array.from(list.matchAll(/'(\w+)'/g), ([, code = '']) => code));
  return [...new Set([...given, ...named])].toSorted();
}

/** Codes in the tables of the guide: in the first column, or the second where that names a class. */
const documented = readProjectFile('packages/core/docs/errors.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => {
    const [, first = '', second = ''] = line.split('|');
    return Array.from((/Error`/.test(first) ? second : first).matchAll(/`(\w+)`/g), ([, code = '']) => code);
  });

test('the sources are read: every way to give a code is found', () => {
  expect(codesInSources()).toEqual(
    expect.arrayContaining([
      ...[
        'max_iterations',
        'incomplete',
        'unknown_create',
        'conflict',
        'newer_snapshot',
        'decision',
        'replay',
      ],
      ...[
        'detached',
        'timed_out',
        'unknown_tool',
        'internal',
        'connection_refused',
        'run_timeout',
        'slow_down',
      ],
    ]),
  );
});

test('every code that the sources give is in the guide to errors', () => {
  expect(codesInSources().filter((code) => !documented.includes(code))).toEqual([]);
});

test('every code in the guide is one that the sources know, or the server’s own', () => {
  const servers = [
    'max_output_tokens',
    'content_filter',
    'max_messages',
    'steered',
    'misalignment_policy_violation',
    'invalid_api_key',
    'unsupported_parameter',
  ];
  const known = (code: string): boolean => servers.includes(code) || sources.includes(`'${code}'`);
  expect(documented.filter((code) => !known(code))).toEqual([]);
  expect(documented.length).toBeGreaterThan(50);
});
