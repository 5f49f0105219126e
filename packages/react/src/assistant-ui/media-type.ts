const byExtension: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  webp: 'image/webp',
};

/** The media type of a file: of its data URL, or of its name. */
export function mediaTypeOf(url: string | undefined, filename: string | undefined): string {
  const [, type] = /^data:([^;,]+)/.exec(url ?? '') ?? [];
  const extension = filename?.split('.').at(-1)?.toLowerCase() ?? '';
  return type ?? byExtension[extension] ?? 'application/octet-stream';
}
