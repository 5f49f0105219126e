import { createRoot } from 'react-dom/client';
import { App } from '../examples/reload-proof.tsx';

/** The example as a page of its own: loaded in an iframe, with modules, a runner and a cache that a reload ends. */
const root = document.createElement('main');
document.body.append(root);
createRoot(root).render(<App />);
