import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Any JSON value, as in recordings. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonRecord = { [key: string]: Json };

export interface RecordedEvent {
  readonly event: string;
  readonly data: JsonRecord;
}

export interface Exchange {
  readonly request: { readonly method: string; readonly url: string; readonly body: JsonRecord | null };
  readonly response: {
    readonly status: number;
    readonly headers: { readonly [name: string]: string };
    readonly body?: JsonRecord;
    readonly events?: readonly RecordedEvent[];
  };
}

export interface Recording {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

const folder = process.env['LONGHAUL_RECORDINGS'];

/**
 * Recorded traffic of the real API is not part of the repository. Without it, test names end with the reason for the
 * skip.
 */
export const haveRecordings: boolean = folder !== undefined && existsSync(folder);

export const whyNot: string = haveRecordings
  ? ''
  : ' (skipped: LONGHAUL_RECORDINGS does not name a folder of recordings)';

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function files(part: string, ending: string): readonly string[] {
  if (folder === undefined || !haveRecordings) return [];
  return readdirSync(join(folder, part))
    .filter((file) => file.endsWith(ending))
    .toSorted();
}

function read(...path: string[]): string {
  return readFileSync(join(folder ?? '', ...path), 'utf8');
}

/** Pairs of request and response: `background` or `foreground`. */
export function recordings(part: 'background' | 'foreground'): readonly Recording[] {
  return files(part, '.json').map((file) => {
    const { exchanges }: { exchanges: readonly Exchange[] } = JSON.parse(read(part, file));
    return { name: file.replace(/\.json$/, ''), exchanges };
  });
}

/** An example of one state or error. */
export function example(file: string): { readonly status: number; readonly body: JsonRecord } {
  return JSON.parse(read('examples', file));
}

export function exampleFiles(): readonly string[] {
  return files('examples', '.json');
}

/** The events of raw streams of foreground creates. */
export function rawStreams(): readonly {
  readonly name: string;
  readonly events: readonly RecordedEvent[];
}[] {
  return files('sse', '.sse').map((file) => ({ name: file, events: parseEvents(read('sse', file)) }));
}

/** The events in a stream's text. Throws unless each frame has an `event:` line and one `data:` line. */
export function parseEvents(text: string): readonly RecordedEvent[] {
  return text
    .split('\n\n')
    .filter((frame) => frame.trim() !== '')
    .map((frame) => {
      const [, event, data] = /^event: (.+)\ndata: (.+)$/.exec(frame.trim()) ?? [];
      if (event === undefined || data === undefined) throw new Error(`Not an event: ${frame}`);
      return { event, data: JSON.parse(data) };
    });
}

/** The API's schemas, which are stored with the recordings. */
export function openApiSchemas(): JsonRecord {
  const { components }: { components: { schemas: JsonRecord } } = JSON.parse(
    read('..', 'openapi-responses-subset.json'),
  );
  return components.schemas;
}
