import { defined } from '../wire/defined.ts';
import { isJsonObject, textOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { keep } from './keep.ts';
import { shownUrl } from './shown-url.ts';

/** The text that an annotation is for. A server sends `start` and `end`, or `index`, or none of them. */
export interface AnnotationPlace {
  /** The text that the annotation is for: `text.slice(start, end)`. */
  readonly start?: number;
  readonly end?: number;
  /** The number that a server sends in place of `start` and `end`. */
  readonly index?: number;
}

/** The source of a text is a page of the web. `url` starts with `https:`, `http:` or `data:`, so a page may link to it. */
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

/** The annotations of a content part. The same list has the same annotations. */
export function annotationsOf(list: JsonValue | undefined): readonly Annotation[] {
  if (!Array.isArray(list)) return none;
  return keep(
    list,
    '',
    list.filter(isJsonObject).map((one) => keep(one, '', annotationOf(one))),
  );
}

const none: readonly Annotation[] = [];

function annotationOf(annotation: JsonObject): Annotation {
  const { type, start_index: start, end_index: end, index } = annotation;
  const place = { start: numberOf(start), end: numberOf(end), index: numberOf(index) };
  const url = shownUrl(annotation['url']);
  if (type === 'url_citation' && url !== undefined)
    return { type, url, ...defined({ title: textOf(annotation['title']), ...place }) };
  if (type === 'file_citation' || type === 'container_file_citation')
    return { type, ...defined({ ...fileOf(annotation), ...place }) };
  return { type: 'other', annotation, ...defined(place) };
}

/** The fields that identify a file, in an annotation or a content part. */
export function fileOf({ file_id: fileId, container_id: containerId, filename }: JsonObject): {
  readonly fileId: string | undefined;
  readonly containerId: string | undefined;
  readonly filename: string | undefined;
} {
  return { fileId: textOf(fileId), containerId: textOf(containerId), filename: textOf(filename) };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
