import { describe, expect, test } from 'vitest';
import { lintProse } from './lint-prose.ts';

/** The faulty words, as `line:column word`. */
async function faults(source: string, filePath: string): Promise<string[]> {
  const found = await lintProse(source, filePath);
  return found.map(
    ({ line, column, offset }) => `${line}:${column} ${/^\w+/.exec(source.slice(offset))?.[0]}`,
  );
}

describe('prose is found', () => {
  test.each([
    ['a docstring', '/** For whoever asks. */', '1:9 whoever'],
    ['a docstring of several lines', '/**\n * The caller,\n * and whoever asks.\n */', '3:8 whoever'],
    ['a tag of a docstring', '/**\n * @param id For whoever asks.\n */', '2:18 whoever'],
    ['a tag on the line of its text', '/** An id. @returns an id for whoever asks */', '1:31 whoever'],
    ['a line comment', 'const a = 1; // for whoever asks', '1:21 whoever'],
    ['line comments of one paragraph', '// The run is for\n// whoever asks.', '2:4 whoever'],
    ['a string', "const message = 'It is for whoever asks.';", '1:28 whoever'],
    ['a string with escapes', String.raw`const message = 'It isn\'t for whoever asks.';`, '1:32 whoever'],
    ['a template', 'const message = `The run ${id(1)} is for whoever asks.`;', '1:42 whoever'],
    ['the name of a test', "test('whoever asks', () => {});", '1:7 whoever'],
    ['the name of a parametrized test', "test.each([1])('whoever asks', () => {});", '1:17 whoever'],
    ['a JSX text', 'const a = <p>For whoever asks</p>;', '1:18 whoever'],
    [
      'a JSX text of several lines',
      'const a = (\n  <p>\n    Used by <b>the user</b> and\n    whoever asks\n  </p>\n);',
      '4:5 whoever',
    ],
    ['a label', 'const a = <button aria-label="Ask whoever" />;', '1:35 whoever'],
  ])('in %s', async (_name, source, fault) => {
    expect(await faults(source, 'sample.tsx')).toEqual([fault]);
  });

  test('in Markdown: paragraphs, headings, list items and cells of tables', async () => {
    const text = '# Whoever\n\nFor whoever.\n\n- whoever\n\n| a | b |\n|---|---|\n| x | whoever |\n';
    expect(await faults(text, 'sample.md')).toEqual([
      '1:3 Whoever',
      '3:5 whoever',
      '5:3 whoever',
      '9:7 whoever',
    ]);
  });

  test('in the comments of style sheets', async () => {
    expect(await faults('.a { /* whoever asks */ color: red }', 'sample.css')).toEqual(['1:9 whoever']);
  });
});

describe('no prose is found', () => {
  test.each([
    ['in code', 'sample.ts', 'const whoever = nobody;'],
    ['in short strings', 'sample.ts', "const name = 'whoever';"],
    ['in the paths of imports', 'sample.ts', "import 'where/nobody is at/home';"],
    ['in statements of SQL', 'sample.ts', 'const sql = `SELECT nobody FROM the runs WHERE it is over`;'],
    ['in examples', 'sample.ts', '/**\n * A run.\n * @example\n * whoever(1)\n * @default 1\n */'],
    ['in fenced code', 'sample.ts', '/**\n * A run.\n * ```ts\n * whoever(1)\n * ```\n */'],
    ['in code spans', 'sample.ts', '// The function `whoever` is called.'],
    ['in links to names', 'sample.ts', '/** See {@link whoever}. */'],
    ['in quotations', 'sample.ts', '// Write “the caller”, not “whoever”.'],
    ['in names of files', 'sample.md', 'See [begin-leg.ts](begin-leg.ts).'],
    ['in fenced code of Markdown', 'sample.md', '```ts\nwhoever();\n```\n'],
  ])('%s', async (_name, filePath, source) => {
    expect(await faults(source, filePath)).toEqual([]);
  });
});

test('markup in strings does not hide the text that follows', async () => {
  const source =
    "const a = '<script> is the tag for a script'; const b = '``` is a fence of the code';\n// Whoever asks.";
  expect(await faults(source, 'sample.ts')).toEqual(['2:4 Whoever']);
});
