import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  target: 'es2024',
  // Module by module, so that 'use client' stays with the hooks, and servers can call the options factories.
  unbundle: true,
  dts: true,
  sourcemap: true,
  inputOptions: { checks: { moduleLevelDirective: false } },
});

export default config;
