import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { documents, markedExamples, projectFolder, readProjectFile } from './documents.ts';

const examples = markedExamples();

test.each(examples)('$document shows the same code as $file', ({ file, code }) => {
  expect(readProjectFile(file)).toBe(code);
});

test('the page of the chat guide has at most 80 lines', () => {
  const lines = readProjectFile('test/docs/examples/chat.tsx').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(80);
});

test('every example except main.tsx is part of a document', () => {
  const files = globSync('test/docs/examples/**/*.{ts,tsx}', { cwd: projectFolder });
  const shown = examples.map(({ file }) => file);
  expect(files.filter((file) => !shown.includes(file) && !file.endsWith('/main.tsx'))).toEqual([]);
});

test.each(documents)('%s links to files that exist', (document) => {
  const links = Array.from(
    readProjectFile(document).matchAll(/\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"/g),
    (match) => match[1] ?? match[2] ?? '',
  );
  const local = links
    .filter((link) => !/^(https?:|mailto:|#)/.test(link))
    .map((link) => link.replace(/#.*$/, ''));
  const missing = local.filter((link) => !existsSync(join(projectFolder, dirname(document), link)));
  expect(missing).toEqual([]);
});

const guides = documents.filter((document) => /^packages\/\w+\/docs\//.test(document));

test.each(guides)('%s is linked from the README of the project and from that of its package', (guide) => {
  const [, own = '', inPackage = ''] = /^(packages\/\w+)\/(.*)$/.exec(guide) ?? [];
  expect(readProjectFile('README.md')).toContain(`](${guide})`);
  expect(readProjectFile(`${own}/README.md`)).toMatch(new RegExp(`\\]\\((\\./)?${inPackage}\\)`));
});
