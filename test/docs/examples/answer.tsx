import { inputParts, viewParts, type Part, type RunViewOf, type ToolCallOf } from '@longhaul/core';
import { memo } from 'react';
import type { agent } from './approve.ts';

/** A part renders again only if it has changed. */
const PartView = memo(function PartView({ part }: { part: Part<ToolCallOf<typeof agent>> }) {
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
      return <details open={!part.done}>{part.text}</details>;
    case 'refusal':
      return <p>{part.text}</p>;
    case 'tool': {
      const { call } = part; // `name` determines the type of `arguments`
      const what = call.name === 'refund' ? call.arguments?.orderId : call.arguments?.question;
      return (
        <p>
          {call.name} {what}: {call.status}
        </p>
      );
    }
    case 'hosted_tool':
      return (
        <p>
          {part.name}: {part.status}
        </p>
      );
    case 'image':
      return <img src={part.url} alt={part.prompt ?? ''} aria-busy={part.partial} />;
    case 'file':
      return <p>{part.url === undefined ? part.filename : <a href={part.url}>{part.filename}</a>}</p>;
    case 'input':
      return (
        <blockquote>
          {part.parts.map((one) => (
            <PartView key={one.key} part={one} />
          ))}
        </blockquote>
      );
    case 'error':
      return <p role="alert">{part.error.message}</p>;
    case 'other':
      return null;
  }
});

/** A turn of a conversation: the input of a person, and the answer. */
export function Turn({ view }: { view: RunViewOf<typeof agent> }) {
  return (
    <article>
      <blockquote>
        {inputParts(view.input).map((part) => (
          <PartView key={part.key} part={part} />
        ))}
      </blockquote>
      {viewParts(view).map((part) => (
        <PartView key={part.key} part={part} />
      ))}
    </article>
  );
}
