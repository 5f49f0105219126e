import { frame } from './scripted-api.ts';

export const streamed = { model: 'm', input: 'Hi', background: true, stream: true };

export function delta(text: string, sequence_number: number): string {
  return frame({ type: 'response.output_text.delta', sequence_number, delta: text } as { type: string });
}
