import { createRoot } from 'react-dom/client';
import { App } from '../examples/reload-proof.tsx';

/** The example as a page for an iframe: a reload discards its modules, its runner and its cache. */
const root = document.createElement('main');
document.body.append(root);
createRoot(root).render(<App />);
