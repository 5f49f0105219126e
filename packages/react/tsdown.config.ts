import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/ai-sdk/index.ts', 'src/assistant-ui/index.ts'],
  platform: 'neutral',
  target: 'es2024',
  // One output file per module, so that 'use client' applies only to the hooks, and servers can call the factories.
  unbundle: true,
  dts: true,
  sourcemap: true,
  inputOptions: { checks: { moduleLevelDirective: false } },
});

export default config;
