/**
 * Fails if a `node:` module can be reached from an entry that browsers load. A bundler would fail, or add a polyfill.
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import * as z from 'zod';
import { repositoryRoot } from './places.ts';

const nodeOnly = new Set([
  '@longhaul/core/testing/node',
  '@longhaul/core/store/sqlite',
  '@longhaul/core/store/postgres',
  '@longhaul/core/queue',
]);
const manifest = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.union([z.string(), z.object({ default: z.string() })])),
});

let failures = 0;
for (const folder of ['packages/core', 'packages/react']) {
  for (const [entry, file] of browserEntries(join(repositoryRoot, folder))) {
    for (const importer of await nodeImports(file)) {
      failures += 1;
      console.error(`${entry}: ${importer}`);
    }
  }
}
if (failures > 0) {
  console.error(
    'Move the code that needs Node to an entry for Node (testing/node, store/sqlite, store/postgres, queue).',
  );
  process.exitCode = 1;
}

function browserEntries(folder: string): [entry: string, file: string][] {
  const { name, exports } = manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return Object.entries(exports).flatMap(([path, target]): [string, string][] => {
    const entry = join(name, path);
    return typeof target === 'string' || nodeOnly.has(entry) ? [] : [[entry, join(folder, target.default)]];
  });
}

/** Returns the imports of Node modules in `file` and the files that it imports, before tree shaking. */
async function nodeImports(file: string): Promise<string[]> {
  const found: string[] = [];
  const bundle = await rolldown({
    input: file,
    platform: 'browser',
    treeshake: false,
    // The type check reports missing exports.
    shimMissingExports: true,
    external: (id) => /^(?:react|react-dom|@tanstack\/react-query)(?:\/|$)/.test(id),
    onLog: () => undefined,
    plugins: [
      {
        name: 'node-imports',
        resolveId(source, importer) {
          if (!source.startsWith('node:') && !builtinModules.includes(source)) return null;
          found.push(`${source} imported by ${relative(repositoryRoot, importer ?? file)}`);
          return { id: source, external: true };
        },
      },
    ],
  });
  await bundle.generate();
  await bundle.close();
  return found;
}
