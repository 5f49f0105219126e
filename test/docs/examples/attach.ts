import { fileInput, type RunInput } from '@longhaul/core';

/** The input of a form with a text field and a file picker. */
export async function inputOf(text: string, files: Iterable<File>): Promise<RunInput> {
  const attached = await Promise.all(Array.from(files, (file) => fileInput(file, { upload })));
  return [...attached, { role: 'user', content: text }];
}

/** Sends a file that is too large for the input to the site. The site stores it, and returns its address. */
async function upload(file: File): Promise<{ url: string }> {
  const response = await fetch('/uploads', { method: 'POST', body: file });
  if (!response.ok) throw new Error(`The upload of ${file.name} failed: ${response.status}.`);
  return response.json();
}
