import { fileInput, inputParts, type Part, type RunInput } from '@longhaul/core';
import { memo } from 'react';

type Content = Part<never>;

/** Shows a part of a question or of an answer. The page shows the calls of the agent's tools. */
export const ContentView = memo(function ContentView({ part }: { part: Content }) {
  switch (part.type) {
    case 'text':
      return (
        <p>
          {part.text}
          {part.annotations.map((source, index) =>
            source.type === 'url_citation' ? (
              <a key={index} href={source.url}>
                {source.title ?? source.url}
              </a>
            ) : null,
          )}
        </p>
      );
    case 'reasoning':
      return (
        <details>
          <summary>Reasoning</summary>
          {part.text}
        </details>
      );
    case 'refusal':
      return <p>{part.text}</p>;
    case 'hosted_tool':
      return <p>{`${part.name}: ${part.status}`}</p>;
    case 'image':
      return <img src={part.url} alt={part.prompt ?? ''} aria-busy={part.partial} />;
    case 'file':
      return (
        <a href={part.url} download={part.filename}>
          {part.filename ?? 'File'}
        </a>
      );
    case 'input': // added while the turn was active
      return (
        <blockquote>
          {part.parts.map((one) => (
            <ContentView key={one.key} part={one} />
          ))}
        </blockquote>
      );
    case 'error':
      return <p role="alert">{part.error.message}</p>;
    default:
      return null;
  }
});

const textOfParts = (parts: readonly Content[]) =>
  parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join(' ');

/** The text of an input, for labels. */
export const textOf = (input: RunInput) => textOfParts(inputParts(input));

/** The input of a form: its files, then its text. */
export async function inputOf(form: FormData): Promise<RunInput> {
  const picked = form.getAll('files').flatMap((file) => (file instanceof File && file.name ? [file] : []));
  const files = await Promise.all(picked.map((file) => fileInput(file)));
  return [...files, { role: 'user', content: String(form.get('text')) }];
}

/** Asks for another text. The new input keeps the files of the old one. Undefined if the person cancels. */
export function askInstead(old: readonly Content[]): RunInput | undefined {
  const text = prompt('Ask instead', textOfParts(old));
  if (!text) return undefined;
  const files = old.flatMap((part): object[] => {
    if (part.type === 'image') return [{ type: 'input_image', image_url: part.url }];
    if (part.type === 'file') return [{ type: 'input_file', filename: part.filename, file_data: part.url }];
    return [];
  });
  return [{ role: 'user', content: [...files, { type: 'input_text', text }] }];
}
