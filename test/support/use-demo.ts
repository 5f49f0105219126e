import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { complaintsOf, launchBrowser, waitForPage } from './demo-page.ts';
import type { DemoServer } from './demo-server.ts';
import { deadline } from './machine.ts';

/** A page of the demo, and its errors and warnings. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
  readonly url: string;
}

/**
 * Starts one server and one browser for a test file. Each visit has its own profile, which is closed after its test.
 */
export function useDemo(
  start: () => Promise<DemoServer>,
): (options?: {
  readonly path?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}) => Promise<Visit> {
  let demo: DemoServer;
  let browser: Browser;
  let contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([start(), launchBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
  });
  afterAll(async () => {
    await browser.close();
    await demo[Symbol.asyncDispose]();
  });

  return async ({ path = '/', ...look } = {}) => {
    // Animations would use a fifth of the processor.
    const context = await browser.newContext({ reducedMotion: 'reduce', ...look });
    // Long enough for a machine that is busy with other tests, and still finite.
    context.setDefaultTimeout(deadline(60_000));
    contexts.push(context);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(demo.url + path);
    await waitForPage(page);
    return { page, context, complaints, url: demo.url };
  };
}
