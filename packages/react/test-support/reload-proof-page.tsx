import { createRoot } from 'react-dom/client';
import { App } from '../examples/reload-proof.tsx';

/** Renders the example as a page for an iframe. A reload discards the page's modules, its runner and its cache. */
const root = document.createElement('main');
document.body.append(root);
createRoot(root).render(<App />);
