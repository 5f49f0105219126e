import { createRoot } from 'react-dom/client';
import { Conversation, openChat } from '../examples/ai-sdk.tsx';

/** Renders the example as a page for an iframe. The hash of its address is the conversation. */
const root = document.createElement('main');
document.body.append(root);
const chat = await openChat(window.location.hash.slice(1));
createRoot(root).render(<Conversation chat={chat} />);
