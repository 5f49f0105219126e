import type { Run } from '@longhaul/core';

/** Writes a run's text while it streams, one line per iteration. Resolves to the final text. */
export async function streamText(run: Run, write: (text: string) => void): Promise<string> {
  for await (const event of run.events()) {
    if (event.type === 'text.delta') write(event.delta);
    if (event.type === 'iteration.completed') write('\n');
  }
  const { text } = await run.result();
  return text;
}
