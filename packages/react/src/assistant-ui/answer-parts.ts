import type {
  DataMessagePart,
  PartProviderMetadata,
  SourceMessagePart,
  TextMessagePart,
  ThreadAssistantMessagePart,
} from '@assistant-ui/react';
import type { Annotation, Part, RefusalPart, TextPart } from '@longhaul/core';
import { dataNames, filePartOf, imagePartOf } from './file-parts.ts';
import { keepBy } from './keep-by.ts';
import { mediaTypeOf } from './media-type.ts';
import { hostedToolPart, toolCallPart } from './tool-call-parts.ts';

function statusOf(done: boolean): { readonly status: { readonly type: 'running' | 'complete' } } {
  return { status: { type: done ? 'complete' : 'running' } };
}

function textPartOf(part: TextPart | RefusalPart): TextMessagePart {
  const { type, key, text, done, agent } = part;
  const longhaul = {
    ...(part.type === 'text' && part.phase !== undefined ? { phase: part.phase } : {}),
    ...(agent === undefined ? {} : { agent }),
    ...(type === 'refusal' ? { refusal: true } : {}),
  };
  const metadata: { readonly providerMetadata?: PartProviderMetadata } =
    Object.keys(longhaul).length === 0 ? {} : { providerMetadata: { longhaul } };
  return { type: 'text', id: key, text, ...statusOf(done), ...metadata };
}

function sourceOf(annotation: Annotation, id: string): SourceMessagePart | DataMessagePart<Annotation> {
  switch (annotation.type) {
    case 'url_citation': {
      const { url, title } = annotation;
      return { type: 'source', sourceType: 'url', id, url, ...(title === undefined ? {} : { title }) };
    }
    case 'file_citation':
    case 'container_file_citation': {
      const { filename, fileId } = annotation;
      const title = filename ?? fileId ?? 'File';
      const mediaType = mediaTypeOf(undefined, filename);
      const named = filename === undefined ? {} : { filename };
      return { type: 'source', sourceType: 'document', id, title, mediaType, ...named };
    }
    case 'other':
      return { type: 'data', id, name: dataNames.annotation, data: annotation };
  }
}

/** The sources of a text, each once: a text may cite a page in several places. */
function sourcesOf({ key, annotations }: TextPart): readonly ThreadAssistantMessagePart[] {
  const cited = new Set<string>();
  return annotations.flatMap((annotation, index) => {
    const { start: _start, end: _end, index: _index, ...source } = annotation;
    const text = JSON.stringify(source);
    if (cited.has(text)) return [];
    cited.add(text);
    return [sourceOf(annotation, `${key}/source/${index}`)];
  });
}

function makeAnswerParts(part: Part, runId: string): readonly ThreadAssistantMessagePart[] {
  switch (part.type) {
    case 'text':
      return [textPartOf(part), ...sourcesOf(part)];
    case 'refusal':
      return [textPartOf(part)];
    case 'reasoning':
      return [{ type: 'reasoning', id: part.key, text: part.text, ...statusOf(part.done) }];
    case 'tool':
      return [toolCallPart(part, runId)];
    case 'hosted_tool':
      return [hostedToolPart(part)];
    case 'image':
      return [imagePartOf(part)];
    case 'file':
      return [filePartOf(part)];
    case 'other':
      return [{ type: 'data', id: part.key, name: dataNames.other, data: part.item }];
    // It is a message of its own.
    case 'input':
      return [];
    // It is the status of the message.
    case 'error':
      return [];
  }
}

/** The parts of assistant-ui for a part of an answer. The same part has the same parts. */
export const answerParts: (part: Part, runId: string) => readonly ThreadAssistantMessagePart[] =
  keepBy(makeAnswerParts);
