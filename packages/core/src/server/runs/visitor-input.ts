import { defined } from '../../wire/defined.ts';
import type { ContentPart, InputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';

/** The values of an image's `detail` (openai 7.59, `ImageDetail`). */
const details: readonly unknown[] = ['auto', 'low', 'high', 'original'];

const longestFilename = 255;
/** The maximum length of the part of a data URL before its data. */
const longestMediaType = 256;

function refuse(param: string, why: string): never {
  throw new Refusal(400, 'invalid_input', `'${param}' ${why}.`, { param });
}

/** Refuses other fields than these. A field that is not checked here could have a meaning for the API. */
function checkFields(value: JsonObject, param: string, fields: readonly string[]): void {
  const other = Object.keys(value).find((field) => !fields.includes(field));
  if (other === undefined) return;
  const shown = JSON.stringify(other.slice(0, 64));
  refuse(param, `has a field that a visitor may not send: ${shown}. It may have: ${fields.join(', ')}`);
}

function textIn(value: JsonObject, field: string, param: string): string {
  const text = value[field];
  return typeof text === 'string' ? text : refuse(`${param}.${field}`, 'has to be a text');
}

/** Whether a text is `data:` with a media type, optional parameters, and data in base64 that is not empty. */
function isDataUrl(url: string): boolean {
  const comma = url.indexOf(',');
  const isTyped =
    comma !== -1 &&
    comma <= longestMediaType &&
    /^data:[a-z]+\/[\w!#$&^.+-]+(?:;[\w!#$&^.+-]+=[\w!#$&^.+-]+)*;base64$/.test(url.slice(0, comma));
  if (!isTyped) return false;
  const data = url.slice(comma + 1);
  return data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
}

/** Whether a text is an address with `https` and without credentials, which every parser reads in the same way. */
function isHttpsUrl(text: string): boolean {
  if (!/^https:\/\/[^\s\\\p{Cc}]+$/u.test(text)) return false;
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

function readPart(value: unknown, param: string): ContentPart {
  if (!isJsonObject(value)) refuse(param, 'has to be an object');
  const { type } = value;
  switch (type) {
    case 'input_text':
      checkFields(value, param, ['type', 'text']);
      return { type, text: textIn(value, 'text', param) };
    case 'input_image': {
      checkFields(value, param, ['type', 'image_url', 'detail']);
      const url = textIn(value, 'image_url', param);
      const isImage = url.startsWith('data:')
        ? url.startsWith('data:image/') && isDataUrl(url)
        : isHttpsUrl(url);
      if (!isImage)
        refuse(`${param}.image_url`, 'has to be an address with https, or a data URL of an image in base64');
      const { detail } = value;
      if (detail !== undefined && !details.includes(detail))
        refuse(`${param}.detail`, `has to be one of ${details.join(', ')}`);
      return { type, image_url: url, ...defined({ detail }) };
    }
    case 'input_file': {
      checkFields(value, param, ['type', 'file_data', 'filename']);
      const data = textIn(value, 'file_data', param);
      if (!isDataUrl(data)) refuse(`${param}.file_data`, 'has to be a data URL in base64');
      if (value['filename'] === undefined) return { type, file_data: data };
      return { type, file_data: data, filename: readFilename(value, param) };
    }
    default:
      return refuse(`${param}.type`, "has to be 'input_text', 'input_image' or 'input_file'");
  }
}

function readFilename(part: JsonObject, param: string): string {
  const name = textIn(part, 'filename', param);
  const isName = name !== '' && name.length <= longestFilename && !/[\p{Cc}/\\]/u.test(name);
  if (isName) return name;
  return refuse(
    `${param}.filename`,
    `has to be a name with at most ${longestFilename} characters, without slashes and control characters`,
  );
}

function readContent(value: unknown, param: string): string | readonly ContentPart[] {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || value.length === 0) refuse(param, 'has to be a text or a list of parts');
  return value.map((part: unknown, index) => readPart(part, `${param}[${index}]`));
}

function readMessage(value: unknown, param: string): InputItem {
  if (!isJsonObject(value)) refuse(param, 'has to be a message');
  const { type, role, content } = value;
  if (type !== undefined && type !== 'message') refuse(`${param}.type`, "has to be 'message'");
  if (role !== 'user') refuse(`${param}.role`, "has to be 'user'");
  checkFields(value, param, ['type', 'role', 'content']);
  return { ...defined({ type }), role, content: readContent(content, `${param}.content`) };
}

/**
 * Reads the input that a visitor sends: a text, or messages of the user with texts, images and files. Images are https
 * addresses or data URLs, files are data URLs. Everything else is refused: other roles, outputs, references, ids of
 * files, and fields that are not named here. The result consists of the fields that were checked.
 *
 * @param value The parsed JSON. An empty text or list is accepted, because a retry continues a run without new input.
 * @throws Refusal 400 that names the place: `input[0].content[2].image_url`
 */
export function readVisitorInput(value: unknown): string | readonly InputItem[] {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) refuse('input', 'has to be a text or a list of messages');
  return value.map((item: unknown, index) => readMessage(item, `input[${index}]`));
}
