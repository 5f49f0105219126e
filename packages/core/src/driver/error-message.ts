/** Long enough to help, short enough to be saved and sent with every retry. */
const longest = 4_000;

/** What an error says, for people and models; errors without words are named by their class. */
export function errorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.length > longest ? `${message.slice(0, longest)}…` : message;
}
