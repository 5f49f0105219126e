import type { Annotation } from '@longhaul/core';
import { Brain, Cloud, CornerDownRight, FileText } from 'lucide-react';
import { memo, type ReactElement } from 'react';
import type { DemoCall, DemoPart } from '../run/demo-call.ts';
import { ToolCard } from '../run/tool-card.tsx';
import type { Decide } from '../run/sent-decisions.ts';
import { JsonView } from '../ui/json-view.tsx';
import { Markdown } from '../ui/markdown.tsx';
import styles from './turn-answer.module.css';

/** Shows one part of an answer, or of a question. A part that has not changed is not rendered again. */
export const PartView = memo(function PartView(props: {
  readonly part: DemoPart;
  /** Whether a text is the answer, and not a step to it. */
  readonly isAnswer?: boolean;
  /** Whether a page executes the call. */
  readonly isForPage?: (call: DemoCall) => boolean;
  readonly decide?: Decide | undefined;
}): ReactElement | null {
  const { part, isAnswer = false, isForPage, decide } = props;
  switch (part.type) {
    case 'text':
      return (
        <div
          className={styles['message']}
          data-answer={isAnswer ? '' : undefined}
          data-growing={part.done ? undefined : ''}
          data-testid={isAnswer ? 'answer' : undefined}
        >
          <Markdown text={part.text} />
          <Sources annotations={part.annotations} />
        </div>
      );
    case 'reasoning':
      return (
        <div className={styles['reasoning']}>
          <Brain size={15} aria-label="Reasoning" />
          <Markdown text={part.text} />
        </div>
      );
    case 'refusal':
      return <p className={styles['message']}>{part.text}</p>;
    case 'tool':
      return <ToolCard call={part.call} isForPage={isForPage?.(part.call) ?? false} decide={decide} />;
    case 'hosted_tool':
      return (
        <details className={styles['hosted']}>
          <summary>
            <Cloud size={14} aria-hidden="true" /> {part.name.replaceAll('_', ' ')}:{' '}
            {part.status.replaceAll('_', ' ')}
          </summary>
          <JsonView value={part.output ?? part.item} label={`${part.name} as JSON`} />
        </details>
      );
    case 'image':
      return <Picture url={part.url} alt={part.prompt ?? 'Image'} isPartial={part.partial} />;
    case 'file': {
      const name = part.filename ?? part.fileId ?? 'File';
      return (
        <p className={styles['file']}>
          <FileText size={15} aria-hidden="true" />
          {part.url === undefined ? (
            name
          ) : (
            <a href={part.url} download={name} rel="noreferrer noopener">
              {name}
            </a>
          )}
        </p>
      );
    }
    case 'input':
      return (
        <div className={styles['steered']} role="note" aria-label="Added to this answer">
          <p className={styles['steeredLead']}>
            <CornerDownRight size={13} aria-hidden="true" /> You added
          </p>
          {part.parts.map((one) => (
            <PartView key={one.key} part={one} />
          ))}
        </div>
      );
    case 'error':
      return (
        <p className={styles['error']} role="alert">
          {part.error.message}
        </p>
      );
    case 'other':
      return <p className={styles['other']}>{part.item.type.replaceAll('_', ' ')}</p>;
  }
});

/** Images of other sites are not loaded: with a prompt injection, the request could leak data. */
function Picture(props: {
  readonly url: string;
  readonly alt: string;
  readonly isPartial: boolean;
}): ReactElement {
  const { url, alt, isPartial } = props;
  if (!url.startsWith('data:'))
    return (
      <p className={styles['file']}>
        <a href={url} target="_blank" rel="noreferrer noopener">
          {alt}
        </a>
      </p>
    );
  return <img className={styles['image']} src={url} alt={alt} aria-busy={isPartial} />;
}

function sourceName(source: Annotation): string | undefined {
  if (source.type === 'url_citation') return source.title ?? source.url;
  return source.type === 'other' ? undefined : (source.filename ?? source.fileId);
}

/** The sources that a text cites, each once. */
function Sources({ annotations }: { readonly annotations: readonly Annotation[] }): ReactElement | null {
  const sources = new Map<string, Annotation>();
  for (const source of annotations) {
    const name = sourceName(source);
    if (name !== undefined && !sources.has(name)) sources.set(name, source);
  }
  if (sources.size === 0) return null;
  return (
    <ol className={styles['sources']} aria-label="Sources">
      {[...sources].map(([name, source]) => (
        <li key={name}>
          {source.type === 'url_citation' ? (
            <a href={source.url} target="_blank" rel="noreferrer noopener">
              {name}
            </a>
          ) : (
            name
          )}
        </li>
      ))}
    </ol>
  );
}
