import { describe, expect, test } from 'vitest';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { streamed } from './streamed-text.ts';

describe('the kind of a body depends on its content, not on its media type, as in the client (sap-ai-core-llm-proxy 35):', () => {
  const types = [
    'Text/Event-Stream',
    'text/plain',
    'application/octet-stream',
    'application/json',
    'text/html',
    '',
  ];
  const answering = (type: string, body: string) =>
    startApi((_request, outgoing) => {
      outgoing.writeHead(200, type === '' ? {} : { 'content-type': type });
      outgoing.end(body);
    });
  const events = snapshot('response.created', 0, 'queued') + snapshot('response.completed', 1, 'completed');
  const html = '<!doctype html><title>Sign in</title>';

  describe.each(types)('%j', (type) => {
    test.each([true, false])('events for a requested stream: %s', async (stream) => {
      await using api = await answering(type, events);
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      for (const background of [true, false]) {
        const answer = await site.create({ ...streamed, background, stream });
        expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
        expect(await answer.text()).toMatch(
          /^event: response\.created\n[^]*"id":"resp_AQ[^]*response\.completed/,
        );
      }
    });

    test.each([true, false])('a response for a requested stream: %s', async (stream) => {
      await using api = await answering(
        type,
        '\uFEFF\n {"id":"resp_raw","object":"response","status":"queued"}',
      );
      await using site = await startSite(api);
      const answer = await site.create({ ...streamed, stream });
      expect(await readResponse(answer)).toMatchObject({ status: 'queued' });
    });

    test('an error envelope', async () => {
      await using api = await answering(
        type,
        '{"error":{"message":"No.","type":"x","param":null,"code":null}}',
      );
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      for (let attempt = 0; attempt < 2; attempt += 1)
        expect((await readError(await site.create(streamed))).message).toBe('No.');
    });

    test('a page: the create was not forwarded', async () => {
      await using api = await answering(type, html);
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      const continued = { ...streamed, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };
      for (let attempt = 0; attempt < 2; attempt += 1)
        expect((await site.create(continued)).status).toBe(503);
    });

    test('an empty body: the outcome is unknown, except for text/html', async () => {
      await using api = await answering(type, '');
      await using site = await startSite(api);
      const continued = { ...streamed, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };
      const { code } = await readNoAnswer(await site.create(continued));
      expect(code).toBe(type === 'text/html' ? 'not_forwarded' : 'unknown_outcome');
    });
  });

  test('events in answer to a poll are refused, so that the client polls again', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      startEvents(outgoing);
      outgoing.write(events);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    expect((await site.ask(`/responses/${id}`)).status).toBe(502);
  });

  test('does not wait for the first bytes of an announced stream', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      startEvents(outgoing);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    const answer = await site.ask(`/responses/${id}?stream=true`);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  test('a body that breaks before its kind is known leaves the outcome unknown', async () => {
    await using api = await startApi((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/plain' });
      outgoing.write('da', () => outgoing.destroy());
    });
    await using site = await startSite(api);
    const answer = await site.create(streamed);
    expect(answer.status).toBe(502);
    expect((await readNoAnswer(answer)).code).toBe('unknown_outcome');
  });
});
