import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { createParser } from 'eventsource-parser';
import { number, printTable, ratio } from './print-table.ts';
import { recordStream, replayed } from './recorded-stream.ts';
import { takeTurns } from './take-turns.ts';

const agent = defineAgent({ name: 'bench', model: 'gpt-6-astra' });

/** A minimal reader of the stream. */
async function parseAlone(chunks: readonly Uint8Array[]): Promise<number> {
  let events = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      JSON.parse(data);
      events += 1;
    },
  });
  const decoder = new TextDecoder();
  const reader = replayed(chunks).body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    parser.feed(decoder.decode(part.value, { stream: true }));
  }
  return events;
}

/** A run of one iteration with a listener that reads the view after each change. */
export async function streamIntoView(
  chunks: readonly Uint8Array[],
): Promise<{ text: string; looks: number }> {
  const client = fetchClient({ baseURL: 'http://bench.test/v1', fetch: async () => replayed(chunks) });
  const run = createRunner({ client, mode: 'stream' }).start(agent, 'Write.');
  let looks = 0;
  let length = 0;
  run.subscribe(() => {
    length = run.view.text.length;
    looks += 1;
  });
  const { text } = await run.result();
  if (text.length !== length) throw new Error(`The view had ${length} characters of ${text.length}.`);
  return { text, looks };
}

/** (d): text deltas into `view`. Targets: linear growth, and twice the time of the parser with only JSON.parse. */
export async function compareStreams(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const deltas of [25_000, 50_000, 100_000]) {
    const chunks = await recordStream(deltas);
    const [parser, longhaul] = await takeTurns(
      [
        { name: 'parser', run: () => parseAlone(chunks) },
        { name: 'longhaul', run: () => streamIntoView(chunks) },
      ],
      { rounds: 15, warmUp: 3 },
    );
    if (parser === undefined || longhaul === undefined) continue;
    rows.push({
      deltas: number(deltas),
      'parser CPU ms': number(parser.cpuMs),
      'longhaul CPU ms': number(longhaul.cpuMs),
      'µs a delta': number((longhaul.cpuMs * 1_000) / deltas),
      CPU: ratio(longhaul.cpuRatio),
      wall: ratio(longhaul.wallRatio),
    });
  }
  printTable('(d) text deltas into `view`, compared with only eventsource-parser and JSON.parse', rows);
}
