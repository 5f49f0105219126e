import { dirname } from 'node:path';

/** Deep enough for the layers of a package, such as `packages/core/src/engine`. */
const depth = 4;

/** A table of the findings in each folder, by rule. */
export function countByFolder(findings: readonly { readonly file: string; readonly rule: string }[]): string {
  const byFolder = Map.groupBy(findings, ({ file }) => dirname(file).split('/').slice(0, depth).join('/'));
  return [...byFolder]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([folder, found]) => {
      const counts = [...Map.groupBy(found, ({ rule }) => rule)]
        .toSorted(([, a], [, b]) => b.length - a.length)
        .map(([rule, { length }]) => `${rule} ${length}`);
      return `${String(found.length).padStart(5)}  ${folder}: ${counts.join(', ')}`;
    })
    .join('\n');
}
