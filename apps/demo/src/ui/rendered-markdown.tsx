import { memo, type ComponentProps, type ReactElement } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const components: Components = {
  // Headings of a text must not compete with the page's own outline.
  h1: ({ node: _node, ...rest }) => <h4 {...rest} />,
  h2: ({ node: _node, ...rest }) => <h4 {...rest} />,
  h3: ({ node: _node, ...rest }) => <h4 {...rest} />,
  a: ({ node: _node, ...rest }: ComponentProps<'a'> & { node?: unknown }) => (
    <a {...rest} target="_blank" rel="noreferrer noopener" />
  ),
  // A picture's address is a request that a prompt injection could make tell something; the page shows none.
  img: ({ alt }) => <em>{alt}</em>,
};

/** Markdown as React elements: no HTML of the text's own gets through, and no address but http, https and mailto. */
export const RenderedMarkdown = memo(function RenderedMarkdown({
  text,
}: {
  readonly text: string;
}): ReactElement {
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
      {text}
    </ReactMarkdown>
  );
});
