export type { ChatMessage, ChatMetadata, ChatTools } from './chat-message.ts';
export { loadMessages, type LoadMessagesOptions } from './load-messages.ts';
export { longhaulTransport, type LonghaulTransportOptions } from './longhaul-transport.ts';
