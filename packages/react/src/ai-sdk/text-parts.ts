import type { Annotation, FilePart, ImagePart, Part, RefusalPart, TextPart } from '@longhaul/core';
import type { FileUIPart, SourceDocumentUIPart, SourceUrlUIPart, TextUIPart } from 'ai';

type Source = SourceUrlUIPart | SourceDocumentUIPart;
type Citation = NonNullable<TextUIPart['citations']>[number];
type CitedSource = Citation['source'];

/** The media type of a file whose type is not known. */
const anyType = 'application/octet-stream';

function documentOf(fileId: string | undefined, filename: string | undefined): CitedSource | undefined {
  const id = fileId ?? filename;
  if (id === undefined) return undefined;
  const file = filename === undefined ? {} : { filename };
  return { type: 'source', sourceType: 'document', id, mediaType: anyType, title: filename ?? id, ...file };
}

/** The source that a citation names. Undefined for annotations that name none. */
function sourceOf(annotation: Annotation): CitedSource | undefined {
  switch (annotation.type) {
    case 'url_citation': {
      const { url, title } = annotation;
      return { type: 'source', sourceType: 'url', id: url, url, ...(title === undefined ? {} : { title }) };
    }
    case 'file_citation':
    case 'container_file_citation':
      return documentOf(annotation.fileId, annotation.filename);
    case 'other':
      return undefined;
  }
}

function sourcePart(source: CitedSource): Source {
  const { id: sourceId } = source;
  if (source.sourceType === 'url') {
    const { url, title } = source;
    return { type: 'source-url', sourceId, url, ...(title === undefined ? {} : { title }) };
  }
  const { mediaType, title, filename } = source;
  return {
    type: 'source-document',
    sourceId,
    mediaType,
    title,
    ...(filename === undefined ? {} : { filename }),
  };
}

function citationOf(annotation: Annotation): Citation | undefined {
  const source = sourceOf(annotation);
  if (source === undefined) return undefined;
  const { start, end } = annotation;
  const from = start === undefined ? {} : { startIndex: start };
  return { source, ...from, ...(end === undefined ? {} : { endIndex: end }) };
}

/** The properties of a text that the AI SDK has no field for. */
function aboutText(part: TextPart | RefusalPart): Pick<TextUIPart, 'providerMetadata'> {
  const longhaul = {
    ...(part.type === 'refusal' ? { refusal: true } : {}),
    ...(part.type === 'text' && part.phase !== undefined ? { phase: part.phase } : {}),
    ...(part.agent === undefined ? {} : { agent: part.agent }),
  };
  return Object.keys(longhaul).length === 0 ? {} : { providerMetadata: { longhaul } };
}

/** A text, and its sources when it is complete, each once. */
export function textParts(part: TextPart | RefusalPart): readonly (TextUIPart | Source)[] {
  const { text, done } = part;
  const annotations = part.type === 'text' && done ? part.annotations : [];
  const citations = annotations.flatMap((one) => citationOf(one) ?? []);
  const sources = new Map(citations.map(({ source }) => [`${source.sourceType}/${source.id}`, source]));
  const shown: TextUIPart = {
    ...{ type: 'text', text, state: done ? 'done' : 'streaming' },
    ...aboutText(part),
    ...(citations.length === 0 ? {} : { citations }),
  };
  return [shown, ...Array.from(sources.values(), sourcePart)];
}

/** The media type that a data URL names. */
function typeOfUrl(url: string): string | undefined {
  return /^data:([^;,]+)/i.exec(url)?.[1]?.toLowerCase();
}

/** An image or a file of an answer. A preview is left out, because a file of a message cannot change. */
export function fileParts(part: ImagePart | FilePart): readonly (FileUIPart | Source)[] {
  if (part.type === 'image') {
    const { url, partial } = part;
    return partial ? [] : [{ type: 'file', mediaType: typeOfUrl(url) ?? 'image', url }];
  }
  const { url, fileId, filename } = part;
  if (url !== undefined) return [{ type: 'file', mediaType: typeOfUrl(url) ?? anyType, url }];
  const source = documentOf(fileId, filename);
  return source === undefined ? [] : [sourcePart(source)];
}

/** The parts of the user's messages: texts and files. */
export function inputMessageParts(parts: readonly Part[]): (TextUIPart | FileUIPart)[] {
  return parts.flatMap((part): (TextUIPart | FileUIPart)[] => {
    // The instructions of an input are not shown.
    if ('role' in part && part.role !== undefined) return [];
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'image')
      return [{ type: 'file', mediaType: typeOfUrl(part.url) ?? 'image', url: part.url }];
    if (part.type !== 'file') return [];
    const { url, fileId, filename } = part;
    const name = filename === undefined ? {} : { filename };
    if (url !== undefined) return [{ type: 'file', mediaType: typeOfUrl(url) ?? anyType, url, ...name }];
    const providerReference = fileId === undefined ? {} : { providerReference: { openai: fileId } };
    return [{ type: 'file', mediaType: anyType, url: '', ...name, ...providerReference }];
  });
}
