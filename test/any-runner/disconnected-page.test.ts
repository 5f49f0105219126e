import { setTimeout as sleep } from 'node:timers/promises';
import { applyEvent, emptyView, type RunEvent } from '@longhaul/core';
import { expect, test } from 'vitest';
import { helper } from './helper-agent.ts';
import { following, pageOf } from './worlds.ts';

const disconnects = 100;

/** A view without the ids of the API, which pages do not see. */
function withoutIds(view: unknown): unknown {
  return JSON.parse(
    JSON.stringify(view, (key, value: unknown) =>
      (key === 'responseId' || key === 'id') && typeof value === 'string' ? 'id' : value,
    ),
  );
}

test('a page that is disconnected 100 times shows a run of another process completely, and each event once', async () => {
  await using stack = new AsyncDisposableStack();
  const { runner, driver } = await following(stack, [helper]);
  let connection = new AbortController();
  let opened = 0;
  const page = await pageOf(stack, runner, {
    fetch: (input, init) => {
      if (!input.includes('/events?')) return fetch(input, init);
      opened += 1;
      connection = new AbortController();
      const signals = [connection.signal, ...(init?.signal ? [init.signal] : [])];
      return fetch(input, { ...init, signal: AbortSignal.any(signals) });
    },
  });
  await driver.start({ runId: 'run-1', input: 'talk' });
  const run = await page.follow('run-1');
  const events: RunEvent[] = [];
  const texts: { readonly iteration: number; readonly text: string }[] = [];
  run.subscribe(() => texts.push({ iteration: run.view.iteration, text: run.view.text }));
  const reading = (async () => {
    for await (const event of run.events()) events.push(event);
  })();
  for (let count = 0; count < disconnects; count += 1) {
    await sleep(10 + 50 * Math.random());
    connection.abort();
    page.wake();
  }
  await run.result();
  await reading;

  expect(opened).toBeGreaterThan(disconnects / 2);
  const there = await driver.ended('run-1');
  expect(withoutIds({ ...run.view, items: [] })).toEqual(withoutIds({ ...there, items: [] }));
  expect(run.view.items.map(({ item }) => item.type)).toEqual(there.items.map(({ item }) => item.type));
  expect(run.view.text).toBe(there.text);
  const numbers = events.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  expect(events.reduce(applyEvent, emptyView)).toEqual(run.view);
  for (const [at, { iteration, text }] of texts.entries()) {
    const before = texts[at - 1];
    if (before?.iteration === iteration) expect(text.startsWith(before.text)).toBe(true);
    expect(there.iterations[iteration]?.text.startsWith(text)).toBe(true);
  }
});
