import { createRoot } from 'react-dom/client';
import { openConversation } from '../examples/ai-sdk.tsx';

/** Renders the example as a page for an iframe. The hash of its address is the conversation. */
const root = document.createElement('main');
document.body.append(root);
createRoot(root).render(await openConversation(window.location.hash.slice(1)));
