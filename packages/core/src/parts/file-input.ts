import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { ContentPart, InputItem } from '../wire/items.ts';
import { fieldsOf, textOf } from '../wire/json.ts';

/** The place of a file that was uploaded: its id at the API, or an address from which the API loads it. */
export type UploadedFile = { readonly fileId: string } | { readonly url: string };

export interface FileInputOptions {
  /**
   * Uploads a file that is not sent inline, because it is too large or of another type. Returns `{ fileId }`, the id of
   * a file of the API, or `{ url }`, an address with `https:` from which the API loads the file. A server with
   * `createRunsHandler` accepts only addresses of images from its visitors.
   */
  readonly upload?: (file: File) => Promise<UploadedFile>;
  /** The largest file that is sent inline, in bytes. Default: 4 MiB. */
  readonly maxInlineBytes?: number;
}

/** A message of the user with a file: an input item. */
export interface FileInput extends InputItem {
  readonly role: 'user';
  readonly content: readonly [ContentPart];
}

/** With base64, which is a third longer, the request is smaller than the 6 MiB that `createRunsHandler` accepts. */
const defaultInlineBytes = 4 * 1024 * 1024;
/** The images that the API accepts. */
const images: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const pdf = 'application/pdf';
/** The longest file name that `createRunsHandler` accepts. */
const longestName = 255;

/**
 * Makes an input item of a file that a person attached: a message of the user with the file. Images (PNG, JPEG, WebP,
 * GIF) and PDFs of at most `maxInlineBytes` (default: 4 MiB) become data URLs in the message. `upload` is called for all
 * other files. If several files are sent in one input, `createRunsHandler` accepts at most 6 MiB together, in base64.
 *
 * The item is complete, so a page sends it before the person's text. Its `content` can also be a part of another message.
 *
 * @example
 * const files = await Promise.all(Array.from(picker.files ?? [], (file) => fileInput(file)));
 * thread.send([...files, { role: 'user', content: text }]);
 *
 * @throws ConfigurationError (the promise rejects) for an empty file, and for a file that needs `upload` if there is
 * none. The message names the file, its size and the limit. An error of `upload` is not changed.
 */
export async function fileInput(file: File, options: FileInputOptions = {}): Promise<FileInput> {
  mustBeOptions(options, 'fileInput', { upload: 'function', maxInlineBytes: 'amount' });
  const { upload, maxInlineBytes = defaultInlineBytes } = options;
  const name = JSON.stringify(file.name);
  mustBe(file.size > 0, 'fileInput', 'file', `a file with content. The file ${name} is empty`);
  // A media type may have parameters, which a data URL of a visitor cannot have.
  const [type = ''] = file.type.toLowerCase().split(/[;\s]/, 1);
  const isImage = images.includes(type);
  if ((isImage || type === pdf) && file.size <= maxInlineBytes) {
    const url = `data:${type};base64,${base64(await file.arrayBuffer())}`;
    return message(
      isImage
        ? { type: 'input_image', image_url: url }
        : { type: 'input_file', filename: sentName(file.name), file_data: url },
    );
  }
  if (upload === undefined) {
    const size = `${file.size} bytes`;
    const [which, limit] = ['images (PNG, JPEG, WebP, GIF) and PDFs', `at most ${maxInlineBytes} bytes`];
    const what = `the file ${name}, with the type ${JSON.stringify(type)} and ${size}, is not sent inline`;
    throw new ConfigurationError(
      `fileInput: ${what}. Only ${which} of ${limit} are. Pass \`upload\` to send other files.`,
      { option: 'upload' },
    );
  }
  const uploaded = fieldsOf(await upload(file));
  const [id, url] = [textOf(uploaded['fileId']), textOf(uploaded['url'])];
  if (id !== undefined) return message({ type: isImage ? 'input_image' : 'input_file', file_id: id });
  mustBe(url !== undefined, 'fileInput', 'upload', 'a function that returns `{ fileId }` or `{ url }`');
  return message(isImage ? { type: 'input_image', image_url: url } : { type: 'input_file', file_url: url });
}

function message(part: ContentPart): FileInput {
  return { role: 'user', content: [part] };
}

/** The name with the characters that `createRunsHandler` accepts. The end of a long name has its extension. */
function sentName(name: string): string {
  return (
    name
      .replace(/[\p{Cc}/\\]/gu, '_')
      .slice(-longestName)
      .toWellFormed() || 'file.pdf'
  );
}

function base64(data: ArrayBuffer): string {
  const bytes = new Uint8Array(data);
  let text = '';
  // A call has a limited number of arguments.
  for (let start = 0; start < bytes.length; start += 0x8000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}
