import { expect, test } from 'vitest';
import { countByFolder } from './count-by-folder.ts';

test('counts findings by folder and rule, most first', () => {
  const findings = [
    { file: 'docs/a.md', rule: 'word' },
    { file: 'packages/core/src/engine/steps/a.ts', rule: 'word' },
    { file: 'packages/core/src/engine/b.ts', rule: 'idiom' },
    { file: 'packages/core/src/engine/b.ts', rule: 'idiom' },
  ];
  expect(countByFolder(findings)).toBe(
    '    3  packages/core/src/engine: idiom 2, word 1\n    1  docs: word 1',
  );
});
