import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/demo-page.ts';
import { servePage } from '../support/serve-page.ts';
import { longThread, type StoreCost } from './long-thread.ts';
import { mainThreadTime } from './main-thread-time.ts';
import { median } from './median.ts';
import { pacedStream } from './paced-stream.ts';
import { number, printTable, ratio } from './print-table.ts';
import { recordEvents } from './recorded-stream.ts';
import { takeTurns } from './take-turns.ts';

const lengths = [20, 200] as const;
const deltas = 3_000;
const deltasPerSecond = 1_000;
const rounds = 5;
/** The number of turns that a page loads at first. */
const loadedTurns = 20;

/** The turn without a page: the loop and the store. */
async function compareTurns(): Promise<void> {
  const threads = await Promise.all(lengths.map((turns) => longThread(turns)));
  const costs = new Map<number, StoreCost>();
  const results = await takeTurns(
    threads.map((thread, index) => ({
      name: `${lengths[index]} turns`,
      run: async () => void costs.set(index, await thread.turn()),
    })),
    { rounds: 30, warmUp: 10 },
  );
  printTable(
    '(i) a turn with 20 tool calls, after 20 and 200 turns, chained: the loop and the store',
    results.map(({ name, cpuMs, cpuRatio }, index) => ({
      thread: name,
      commits: number(costs.get(index)?.commits ?? Number.NaN),
      'bytes read': number(costs.get(index)?.read ?? Number.NaN),
      'bytes written': number(costs.get(index)?.written ?? Number.NaN),
      'CPU ms': number(cpuMs),
      CPU: ratio(cpuRatio),
    })),
  );
}

interface Shown {
  readonly opened: StoreCost;
  readonly streaming: StoreCost;
  readonly streamingMs: number;
  readonly commits: number;
}

/** Opens the thread in a new page, and streams one answer into it. */
async function showOnce(browser: Browser, url: string, turns: number): Promise<Shown> {
  const page = await browser.newPage();
  const busy = await mainThreadTime(page);
  await page.goto(`${url}?turns=${turns}`);
  await page.locator('main').waitFor({ state: 'attached' });
  await page.locator(`main[data-turns="${loadedTurns}"]`).waitFor({ timeout: 120_000 });
  const opened = await page.evaluate(() => ({ ...window.cost }));
  const loaded = await busy();
  await page.evaluate(() => {
    Object.assign(window.cost, { commits: 0, read: 0, written: 0 });
    window.commits = 0;
    window.begin();
  });
  await page
    .locator(`main[data-turns="${loadedTurns + 1}"][data-status=completed]`)
    .waitFor({ timeout: 120_000 });
  const after = await busy();
  const [streaming, commits] = await page.evaluate(() => [{ ...window.cost }, window.commits] as const);
  await page.close();
  return { opened, streaming, streamingMs: after - loaded, commits };
}

/** The page of a thread in Chromium. */
async function comparePages(): Promise<void> {
  const snapshots = new Map<string, string>();
  for (const turns of lengths)
    snapshots.set(String(turns), JSON.stringify(await (await longThread(turns)).snapshots()));
  const recorded = await recordEvents(deltas);
  // The recorded response continues nothing. The page checks that a response continues the one that it names.
  const events = recorded.map((event) =>
    event.replaceAll('"previous_response_id":null', '"previous_response_id":"resp_0"'),
  );
  await using served = await servePage(new URL('./thread-page/', import.meta.url), ({ url }) => {
    const turns = new URL(url).searchParams.get('turns');
    return turns === null
      ? pacedStream(events, deltasPerSecond)
      : new Response(snapshots.get(turns), { headers: { 'content-type': 'application/json' } });
  });
  await using browser = await launchBrowser();
  const measured = lengths.map((): Shown[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, turns] of lengths.entries())
      measured[index]?.push(await showOnce(browser, served.url, turns));
  const of = (index: number, part: (one: Shown) => number): number =>
    median((measured[index] ?? []).map(part));
  printTable(
    `(i) the page of such a thread in Chromium: opening it, and one streamed answer of ${number(deltas)} deltas`,
    lengths.map((turns, index) => {
      const other = turns - loadedTurns;
      const links = of(index, ({ opened }) => opened.read) - of(0, ({ opened }) => opened.read);
      return {
        thread: `${turns} turns`,
        'bytes read to open': number(of(index, ({ opened }) => opened.read)),
        'for each other run': other === 0 ? '' : number(links / other),
        'bytes read to send': number(of(index, ({ streaming }) => streaming.read)),
        saves: number(of(index, ({ streaming }) => streaming.commits)),
        'React commits': number(of(index, ({ commits }) => commits)),
        'main thread ms': number(of(index, ({ streamingMs }) => streamingMs)),
        'main thread': ratio(
          of(index, ({ streamingMs }) => streamingMs) / of(0, ({ streamingMs }) => streamingMs),
        ),
      };
    }),
  );
}

/** (i): a thread of 200 turns with 20 tool calls each, compared with one of 20 turns. */
export async function compareThreads(): Promise<void> {
  await compareTurns();
  await comparePages();
}
