import { extname } from 'node:path';
import type { Prose } from './prose.ts';
import { scriptProse } from './script-prose.ts';
import { styleSheetProse } from './style-sheet-prose.ts';

/** Reads the prose of a file, by the extension of its name. */
const readers: Readonly<Record<string, (source: string, filePath: string) => Prose>> = {
  '.md': (source) => ({ text: source, originOf: (offset) => offset }),
  '.ts': scriptProse,
  '.tsx': scriptProse,
  '.css': styleSheetProse,
};

/** The extensions of files that have prose. */
export const proseExtensions: readonly string[] = Object.keys(readers);

export function proseOf(source: string, filePath: string): Prose {
  const read = readers[extname(filePath)];
  if (read === undefined) throw new Error(`${filePath} does not have a supported extension.`);
  return read(source, filePath);
}
