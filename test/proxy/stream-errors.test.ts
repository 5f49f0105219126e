import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { snapshot, startApi, startEvents } from './scripted-api.ts';
import { apiKey, startSite } from './site.ts';
import { streamed } from './streamed-text.ts';

test('treats an event as an error if only its `event:` line has that type', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    const data = JSON.stringify({ code: 'x', message: `refused ${apiKey}`, trace: 'at handler' });
    outgoing.end(`${snapshot('response.created', 0, 'queued')}event: error\ndata: ${data}\n\n`);
  });
  await using site = await startSite(api);
  const text = await (await site.create(streamed)).text();
  expect(text).toContain('event: error\ndata: {"code":"x","message":"refused [removed]"}');
});

describe('converts an error in another form to one that clients understand, and releases the place (OpenRouter, gateways)', () => {
  const refusal = { message: `You have no quota: ${apiKey}`, type: 'insufficient_quota', code: 'no_quota' };
  const cleaned = { message: 'You have no quota: [removed]', type: 'insufficient_quota', code: 'no_quota' };
  const said = { message: cleaned.message };

  test.each<[string, string, object]>([
    ['an envelope without type', `data: ${JSON.stringify({ error: refusal })}\n\n`, cleaned],
    [
      'an envelope with the default event name',
      `event: message\ndata: ${JSON.stringify({ error: refusal })}\n\n`,
      cleaned,
    ],
    ['a text in place of the error', `data: ${JSON.stringify({ error: refusal.message })}\n\n`, said],
    ['a message', `data: ${JSON.stringify({ message: refusal.message })}\n\n`, said],
    [
      'a message after a comment, and the end marker of some servers',
      `: x\n\ndata: ${JSON.stringify({ detail: refusal.message })}\n\ndata: [DONE]\n\n`,
      said,
    ],
    ['a plain text', `event: error\ndata: ${refusal.message}\n\n`, said],
    [
      'an object with object: error, as vLLM and SGLang send it',
      `data: ${JSON.stringify({ object: 'error', ...refusal })}\n\n`,
      cleaned,
    ],
    [
      'an error whose own `type` is not `error`',
      `event: error\ndata: ${JSON.stringify(refusal)}\n\n`,
      cleaned,
    ],
    [
      'an event with the type `response.error`',
      `data: ${JSON.stringify({ type: 'response.error', error: refusal })}\n\n`,
      cleaned,
    ],
  ])('%s', async (_, sent, error) => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(sent);
    });
    await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
    for (const background of [true, false]) {
      const text = await (await site.create({ ...streamed, background })).text();
      const [, data] = /^event: error\ndata: (.*)$/m.exec(text) ?? [];
      expect(JSON.parse(data ?? 'null')).toEqual({ type: 'error', error });
    }
    const client = new OpenAI({ baseURL: site.url, apiKey: 'x', defaultHeaders: { 'x-user': 'ann' } });
    const events = await client.responses.create({ model: 'm', input: 'Hi', stream: true });
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const event of events) seen.push(event);
    };
    await expect(read()).rejects.toThrow('You have no quota: [removed]');
    const ownClient = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
    const run = createRunner({ client: ownClient }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
    await expect(run.result()).rejects.toThrow('You have no quota: [removed]');
  });

  test('during a stream', async () => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(
        `${snapshot('response.created', 0, 'queued')}data: ${JSON.stringify({ error: refusal })}\n\n`,
      );
    });
    await using site = await startSite(api);
    const text = await (await site.create(streamed)).text();
    expect(text).toContain(`event: error\ndata: ${JSON.stringify({ type: 'error', error: cleaned })}`);
  });

  test('a message before the response is not an error', async () => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(
        `data: {"message":"queued"}\n\n${snapshot('response.created', 0, 'queued')}${snapshot('response.completed', 1, 'completed')}`,
      );
    });
    await using site = await startSite(api);
    const text = await (await site.create(streamed)).text();
    expect(text).toMatch(/^event: response\.created\n[^]*response\.completed/);
    expect(text).not.toContain('"message"');
  });
});

test('a snapshot that is sent as an event has signed ids, and its end releases the place', async () => {
  const bare = (status: string): string =>
    `data: ${JSON.stringify({ id: 'resp_raw', object: 'response', status, output: [{ type: 'message', id: 'msg_raw' }] })}\n\n`;
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.end(bare('in_progress') + bare('completed'));
  });
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const text = await (await site.create(streamed)).text();
    expect(text.match(/"id":"resp_AQ/g)).toHaveLength(2);
    expect(text).not.toMatch(/(?:resp|msg)_raw/);
  }
});
