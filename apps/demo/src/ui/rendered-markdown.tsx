import { memo, type ComponentProps, type ReactElement } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const components: Components = {
  // Headings in a text must not change the outline of the page.
  h1: ({ node: _node, ...rest }) => <h4 {...rest} />,
  h2: ({ node: _node, ...rest }) => <h4 {...rest} />,
  h3: ({ node: _node, ...rest }) => <h4 {...rest} />,
  a: ({ node: _node, ...rest }: ComponentProps<'a'> & { node?: unknown }) => (
    <a {...rest} target="_blank" rel="noreferrer noopener" />
  ),
  // The page does not load images: with a prompt injection, the request for an image could leak data.
  img: ({ alt }) => <em>{alt}</em>,
};

/** Renders Markdown as React elements, without HTML from the text, and only with http, https and mailto links. */
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
