/** One event of a stream, or a comment, which only keeps the connection alive. */
export type Frame =
  | { readonly event: string | undefined; readonly data: string; readonly id: string | undefined }
  | { readonly comment: string };

/** Encodes a frame as one chunk. Some readers lose an event whose blank line is in a separate chunk. */
export function encodeFrame(frame: Frame): Uint8Array {
  const lines =
    'comment' in frame
      ? [`:${frame.comment}`]
      : [
          ...(frame.event === undefined ? [] : [`event: ${frame.event}`]),
          ...(frame.id === undefined ? [] : [`id: ${frame.id}`]),
          ...frame.data.split('\n').map((line) => `data: ${line}`),
        ];
  return new TextEncoder().encode(`${lines.join('\n')}\n\n`);
}
