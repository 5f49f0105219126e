import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectFolder, readProjectFile } from './documents.ts';

/** The sources of users' errors. The guide of the proxy documents the proxy's errors. */
const sources = globSync(
  [
    'packages/core/src/{agent,client,driver,engine,errors,run,schema,store,web}/**/*.ts',
    'packages/react/src/**/*.ts',
  ],
  {
    cwd: projectFolder,
    exclude: (name) => /\.test(-d)?\.ts$/.test(name),
  },
)
  .map(readProjectFile)
  .join('\n');

/** The ways in which the sources set the code of an error, a warning, or a call's error. */
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

/** Lists of the server's codes that have special rules. */
const lists = /\b(?:overload|transient|quota): \[(.*?)\]/gs;

function codesInSources(): readonly string[] {
  const given = ways.flatMap((way) => Array.from(sources.matchAll(way), ([, code = '']) => code));
  const listed = Array.from(sources.matchAll(lists), ([, list = '']) => list);
  const named = listed.flatMap((list) => Array.from(list.matchAll(/'(\w+)'/g), ([, code = '']) => code));
  return [...new Set([...given, ...named])].toSorted();
}

/** Codes in the tables of the guide: in the first column, or in the second if the first names a class. */
const documented = readProjectFile('packages/core/docs/errors.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => {
    const [, first = '', second = ''] = line.split('|');
    return Array.from((/Error`/.test(first) ? second : first).matchAll(/`(\w+)`/g), ([, code = '']) => code);
  });

test('the patterns find codes of each kind in the sources', () => {
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

test('every code of the sources is in the guide to errors', () => {
  expect(codesInSources().filter((code) => !documented.includes(code))).toEqual([]);
});

test('every code in the guide occurs in the sources, or is the server’s', () => {
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
