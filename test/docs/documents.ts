import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const projectFolder: string = fileURLToPath(new URL('../../', import.meta.url));

/** The paths of the documents of the root, `docs`, the packages, the apps and the tests. */
export const documents: readonly string[] = globSync(
  '{*.md,docs/**/*.md,packages/*/*.md,packages/*/docs/**/*.md,apps/*/*.md,test/bench/*.md}',
  {
    cwd: projectFolder,
    exclude: ['**/node_modules/**', '**/CHANGELOG.md'],
  },
).toSorted();

export function readProjectFile(path: string): string {
  return readFileSync(`${projectFolder}${path}`, 'utf8');
}

/** A code block of a document that is also a file of the project, which the tests compile and run. */
export interface MarkedExample {
  readonly document: string;
  readonly file: string;
  readonly code: string;
}

const marked = /<!-- runs as (\S+) -->\n```\w+\n(.*?)```/gs;

/** The blocks under `<!-- runs as path/from/the/root -->`. */
export function markedExamples(): readonly MarkedExample[] {
  return documents.flatMap((document) =>
    Array.from(readProjectFile(document).matchAll(marked), ([, file = '', code = '']) => ({
      document,
      file,
      code,
    })),
  );
}
