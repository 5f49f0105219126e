/**
 * `pnpm check:prose [--count] [path…]`: finds prose that is not plain, in the files of the repository or of the given
 * paths. `--count` prints the number of findings for each folder and rule.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../places.ts';
import { countByFolder } from './count-by-folder.ts';
import { type Finding, lintProse } from './lint-prose.ts';
import { proseFiles } from './prose-files.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'boolean' } },
});

const findings: (Finding & { readonly file: string })[] = [];
for (const file of proseFiles(positionals)) {
  const source = readFileSync(join(repositoryRoot, file), 'utf8');
  for (const finding of await lintProse(source, file)) findings.push({ ...finding, file });
}

if (values.count === true) console.log(countByFolder(findings));
else {
  for (const { file, line, column, rule, message } of findings) {
    console.log(`${file}:${line}:${column}  ${rule}  ${message}`);
  }
}
if (findings.length > 0) {
  console.log(`${findings.length} places to write in plain English. The rules: test/checks/prose/rules.`);
  process.exitCode = 1;
}
