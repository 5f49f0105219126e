/** Turns the output of API Extractor into reports that are easy to read in a diff. */

/** The report of API Extractor about an entry. */
export interface ExtractedEntry {
  /** The specifier that users import, such as `@longhaul/core/web`. */
  readonly entry: string;
  /** The file of its report. */
  readonly file: string;
  readonly extracted: string;
}

export interface ApiReport {
  readonly file: string;
  readonly text: string;
}

const introduction =
  'The exports of this entry and the types that they use. Do not edit: `npm run api:update` writes this file.';

interface Declaration {
  readonly name: string;
  readonly exported: boolean;
  readonly text: string;
}

/**
 * Entries of one package share declarations. Each declaration is shown in full once, so that a change to it appears
 * once in review. The first entry that exports it shows it. If no entry exports it, the first entry that uses it does.
 */
export function apiReports(entries: readonly ExtractedEntry[]): readonly ApiReport[] {
  const read = entries.map((entry) => ({ ...entry, ...readExtracted(entry.extracted) }));
  const homes = new Map<string, string>();
  for (const exportedOnly of [true, false]) {
    for (const { file, declarations } of read) {
      for (const { text, exported } of declarations) {
        if ((exported || !exportedOnly) && !homes.has(text)) homes.set(text, file);
      }
    }
  }
  return read.map(({ entry, file, imports, declarations }) => {
    const inFull = declarations.filter(({ text }) => homes.get(text) === file);
    const elsewhere = declarations.filter(({ text, exported }) => exported && homes.get(text) !== file);
    const blocks = [
      imports.join('\n'),
      elsewhere.map(({ name, text }) => `export { ${name} }; // in ${homes.get(text)}`).join('\n'),
      ...inFull.map(({ text, exported }) => (exported ? `export ${text}` : text)),
    ];
    const code = blocks.filter((block) => block !== '').join('\n\n');
    return { file, text: `# \`${entry}\`\n\n${introduction}\n\n\`\`\`ts\n${code}\n\`\`\`\n` };
  });
}

function readExtracted(extracted: string): {
  readonly imports: readonly string[];
  readonly declarations: readonly Declaration[];
} {
  const [, code = ''] = /```ts\n(.*?)\n```/s.exec(extracted) ?? [];
  const blocks = code
    // Whether a member has a comment is not part of its type.
    .replaceAll(/^ *\/\/ (?:\(undocumented\)|@\w+.*|\(No @packageDocumentation.*)\n?/gm, '')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '');
  const isImport = (block: string): boolean => block.startsWith('import ');
  return {
    imports: blocks.filter(isImport),
    declarations: blocks.filter((block) => !isImport(block)).map(declarationOf),
  };
}

function declarationOf(block: string): Declaration {
  const text = block.replace(/^export /, '');
  const [, name] =
    /^(?:(?:abstract|declare) )*(?:class|const|enum|function|interface|type) ([\w$]+)/.exec(text) ?? [];
  if (name === undefined) throw new Error(`Unknown declaration: ${block}`);
  return { name, exported: text !== block, text };
}
