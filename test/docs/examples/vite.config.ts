import { defineConfig } from 'vite';

export default defineConfig({
  server: {
    proxy: {
      '/api': {
        target: 'http://localhost:3000',
        // If the server dies, Vite keeps the page's stream open. This line closes it, so that the page reconnects.
        configure: (proxy) =>
          proxy.on('proxyRes', (from, _request, to) => from.on('error', () => to.destroy())),
      },
    },
  },
});
