import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: [
    'src/index.ts',
    'src/engine/index.ts',
    'src/testing/index.ts',
    'src/testing/node.ts',
    'src/server/index.ts',
    'src/store/sqlite.ts',
    'src/web/index.ts',
  ],
  platform: 'neutral',
  target: 'es2024',
  dts: true,
  sourcemap: true,
  deps: { neverBundle: [/^node:/] },
});

export default config;
