import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';
import './styles/tokens.css';
import './styles/tones.css';
import './styles/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);

// Vite's client reloads the page when its server is back, after its listeners have finished. This listener never
// finishes, so the demo shows that a run continues without a reload.
const neverDone = (): unknown => new Promise(() => undefined);
import.meta.hot?.on('vite:ws:disconnect', neverDone);
