import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: [
    'src/index.ts',
    'src/engine/index.ts',
    'src/testing/index.ts',
    'src/testing/node.ts',
    'src/server/index.ts',
    'src/remote/index.ts',
    'src/queue/index.ts',
    'src/store/sqlite.ts',
    // The thread of that store.
    'src/store/sqlite/worker.ts',
    'src/store/postgres.ts',
    // The thread of that store.
    'src/store/postgres/renewal-worker.ts',
    'src/web/index.ts',
    'src/otel/index.ts',
    'src/zod-mini/index.ts',
  ],
  platform: 'neutral',
  target: 'es2024',
  // One file for each module, so that a bundler can put each module into the file that needs it.
  unbundle: true,
  dts: true,
  sourcemap: true,
  // A `#` import of package.json is a dependency under another name: bundled, it would come without its licence.
  deps: { neverBundle: [/^node:/, /^#/] },
});

export default config;
