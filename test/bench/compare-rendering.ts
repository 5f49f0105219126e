import type { UIMessageChunk } from 'ai';
import type { Browser, CDPSession } from 'playwright-core';
import { launchBrowser } from '../support/demo-page.ts';
import { servePage } from '../support/serve-page.ts';
import { median } from './median.ts';
import { pacedStream } from './paced-stream.ts';
import { number, printTable, ratio } from './print-table.ts';
import { delta, recordEvents } from './recorded-stream.ts';

const deltas = 10_000;
const contestants = ['longhaul', 'useChat, throttle: 50', 'useChat'] as const;
const rounds = 3;

interface Rendered {
  readonly commits: number;
  readonly seconds: number;
  /** The time that the main thread of the page was busy. It includes `scriptMs`. */
  readonly busyMs: number;
  readonly scriptMs: number;
}

/** The events of a stream for `useChat`, with the same text. */
function chatEvents(): readonly string[] {
  const id = 'text';
  const words = Array.from({ length: deltas }, (): UIMessageChunk => ({ type: 'text-delta', id, delta }));
  const chunks: readonly UIMessageChunk[] = [
    { type: 'start' },
    { type: 'start-step' },
    { type: 'text-start', id },
    ...words,
    { type: 'text-end', id },
    { type: 'finish-step' },
    { type: 'finish' },
  ];
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
}

async function busy(session: CDPSession): Promise<{ readonly task: number; readonly script: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const secondsOf = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { task: secondsOf('TaskDuration'), script: secondsOf('ScriptDuration') };
}

/** Renders one answer in a new page. */
async function renderOnce(browser: Browser, url: string, contestant: string): Promise<Rendered> {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(`${url}?contestant=${encodeURIComponent(contestant)}`);
  await page.locator('p').waitFor({ state: 'attached' });
  const before = await busy(session);
  const began = performance.now();
  await page.evaluate(() => {
    window.commits = 0;
    window.begin();
  });
  await page.locator('p[data-over=true]').waitFor({ timeout: 120_000 });
  const seconds = (performance.now() - began) / 1_000;
  const after = await busy(session);
  const [commits, text] = await page.evaluate(
    () => [window.commits, document.querySelector('p')?.textContent ?? ''] as const,
  );
  if (text !== delta.repeat(deltas)) throw new Error(`${contestant} rendered ${text.length} characters.`);
  await page.close();
  const busyMs = (after.task - before.task) * 1_000;
  return { commits, seconds, busyMs, scriptMs: (after.script - before.script) * 1_000 };
}

/** (f): an answer of 10,000 deltas on a page in Chromium, compared with `@ai-sdk/react`, at two paces. */
export async function compareRendering(): Promise<void> {
  const answers = { responses: await recordEvents(deltas), chat: chatEvents() };
  let perSecond = 0;
  await using served = await servePage(new URL('./chat-page/', import.meta.url), ({ url }) =>
    pacedStream(url.endsWith('/chat') ? answers.chat : answers.responses, perSecond),
  );
  await using browser = await launchBrowser();
  const rows: Record<string, string>[] = [];
  for (const pace of [1_000, 5_000]) {
    perSecond = pace;
    const measured = contestants.map((): Rendered[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, contestant] of contestants.entries()) {
        measured[index]?.push(await renderOnce(browser, served.url, contestant));
      }
    }
    const busyFirst = median((measured[0] ?? []).map(({ busyMs }) => busyMs));
    for (const [index, contestant] of contestants.entries()) {
      const own = measured[index] ?? [];
      const busyMs = median(own.map((one) => one.busyMs));
      rows.push({
        contestant,
        'deltas a second': number(pace),
        seconds: number(median(own.map(({ seconds }) => seconds))),
        'commits a second': number(median(own.map(({ commits, seconds }) => commits / seconds))),
        'main thread ms': number(busyMs),
        'scripts ms': number(median(own.map(({ scriptMs }) => scriptMs))),
        'main thread': ratio(busyMs / busyFirst),
      });
    }
  }
  printTable('(f) 10,000 deltas on a page in Chromium', rows);
}
