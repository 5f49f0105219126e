import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

const config: UserConfig = defineConfig({
  plugins: [
    react(),
    compression({
      include: /\.(?:html|js|css|svg|csv|wasm)$/,
      algorithms: ['gzip', 'brotliCompress'],
      skipIfLargerOrEqual: true,
    }),
  ],
  // Use the sources of the packages of this repository, not their builds.
  resolve: { conditions: ['@longhaul/source', 'module', 'browser', 'development|production'] },
  optimizeDeps: {
    // List dependencies that are loaded later: if Vite finds one during a run, it reloads the page.
    include: ['react-markdown', 'remark-gfm', 'd3-scale', 'd3-shape', 'mathjs/number', 'sql.js'],
  },
  build: { target: 'es2023', modulePreload: { polyfill: false } },
  worker: { format: 'es' },
});

export default config;
