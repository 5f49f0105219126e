import { type AppendMessage, type AssistantRuntime, MessageNotSentError } from '@assistant-ui/react';

/** Throws an error. It makes assistant-ui's composer show the message again. */
export function notSent(error: unknown): never {
  const message = error instanceof Error ? error.message : undefined;
  throw Object.assign(new MessageNotSentError(message), { cause: error });
}

/** Shows a message of the queue in the composer again, and reports the error. Text that was typed since is kept. */
export function returnToComposer(
  { thread: { composer } }: AssistantRuntime,
  { content, attachments = [] }: AppendMessage,
  error: unknown,
): void {
  const { text, attachments: added } = composer.getState();
  if (text.trim() === '' && added.length === 0) {
    composer.setText(content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n'));
    for (const { id, type, name, contentType, content: parts } of attachments) {
      const typed = contentType === undefined ? {} : { contentType };
      composer.addAttachment({ id, type, name, content: parts, ...typed }).catch(console.error);
    }
  }
  console.error(error);
}
