import { fileInput, type RunInput } from '@longhaul/core';

/** The input of a message with files: each file as an item, and the text as the last item. */
export async function inputWithFiles(text: string, files: readonly File[]): Promise<RunInput> {
  const items = await Promise.all(files.map((file) => fileInput(file)));
  return text === '' ? items : [...items, { role: 'user', content: text }];
}
