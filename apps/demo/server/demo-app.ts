import { anonymous, createProxy } from '@longhaul/core/server';
import { createEmulator } from '@longhaul/core/testing';
import { Hono } from 'hono';
import { simulatedModel } from './model/simulated-model.ts';
import type { Settings } from './settings.ts';

/** What the page talks to, in development and in production: the proxy under `/v1`, and what the page must know. */
export function createDemoApp(settings: Settings & { readonly proxySecret: string }): Hono {
  const { openai, models, proxySecret } = settings;
  const upstream =
    openai === undefined
      ? {
          apiKey: 'emulator',
          baseURL: 'http://emulator.invalid/v1',
          fetch: createEmulator({ script: simulatedModel }).fetch,
        }
      : { apiKey: openai.apiKey, ...(openai.baseURL === undefined ? {} : { baseURL: openai.baseURL }) };
  const proxy = createProxy({
    ...upstream,
    secret: proxySecret,
    // The demo is for one person on their own machine; a site of yours knows who asks.
    authorize: anonymous,
    allow: { models },
  });
  return new Hono()
    .get('/api/config', (context) =>
      context.json({ mode: openai === undefined ? 'emulator' : 'openai', models }, 200, {
        'cache-control': 'no-store',
      }),
    )
    .all('/v1/*', (context) => proxy(context.req.raw));
}
