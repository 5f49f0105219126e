import type { Part } from '@longhaul/core';
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
