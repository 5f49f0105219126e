import { defined } from '../wire/defined.ts';
import { isJsonObject, textOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { shownUrl } from './shown-url.ts';

/** The place of an annotation. A server sends one of the fields, or none. */
export interface AnnotationPlace {
  /** The part of the text that the annotation is for: `text.slice(range.start, range.end)`. */
  readonly range?: { readonly start: number; readonly end: number };
  /** The number that a server sends in place of a range. */
  readonly index?: number;
}

/** The source of a text is a page of the web. `url` is an http, https or data URL, so a page may link to it. */
export interface UrlCitation extends AnnotationPlace {
  readonly type: 'url_citation';
  readonly url: string;
  readonly title?: string;
}

/** The source of a text is a file that was searched. A page of a server's runs does not receive `fileId`. */
export interface FileCitation extends AnnotationPlace {
  readonly type: 'file_citation';
  readonly fileId?: string;
  readonly filename?: string;
}

/** The text refers to a file that the code interpreter made. A page of a server's runs does not receive the ids. */
export interface ContainerFileCitation extends AnnotationPlace {
  readonly type: 'container_file_citation';
  readonly fileId?: string;
  readonly containerId?: string;
  readonly filename?: string;
}

/** Any other annotation, as the server sent it. */
export interface OtherAnnotation extends AnnotationPlace {
  readonly type: 'other';
  readonly annotation: JsonObject;
}

/** A citation in a text. */
export type Annotation = UrlCitation | FileCitation | ContainerFileCitation | OtherAnnotation;

const none: readonly Annotation[] = Object.freeze([]);
const known = new WeakMap<object, readonly Annotation[]>();

/** The annotations of a content part. The same list gives the same annotations. */
export function annotationsOf(list: JsonValue | undefined): readonly Annotation[] {
  if (!Array.isArray(list)) return none;
  let annotations = known.get(list);
  if (annotations === undefined) {
    annotations = list.length === 0 ? none : list.filter(isJsonObject).map(annotationOf);
    known.set(list, annotations);
  }
  return annotations;
}

function annotationOf(annotation: JsonObject): Annotation {
  const { type, start_index: start, end_index: end, index } = annotation;
  const isRange = typeof start === 'number' && typeof end === 'number';
  const place = defined({
    range: isRange ? { start, end } : undefined,
    index: typeof index === 'number' ? index : undefined,
  });
  const url = shownUrl(annotation['url']);
  const fileId = textOf(annotation['file_id']);
  const filename = textOf(annotation['filename']);
  if (type === 'url_citation' && url !== undefined)
    return { type, url, ...defined({ title: textOf(annotation['title']) }), ...place };
  if (type === 'file_citation') return { type, ...defined({ fileId, filename }), ...place };
  if (type === 'container_file_citation') {
    const containerId = textOf(annotation['container_id']);
    return { type, ...defined({ fileId, containerId, filename }), ...place };
  }
  return { type: 'other', annotation, ...place };
}
