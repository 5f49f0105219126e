import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { messageOf, responseOf } from '../../test-support/hand-server.ts';
import { done, hosted, leaks, secrets, world } from '../../test-support/hosted-tools.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { sseAnswer } from '../../test-support/sse-answer.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';

describe('secrets of hosted tools (mcp-remote 268)', () => {
  test('are sent, but not in events, views, snapshots or saved data', async () => {
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools: hosted() });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(view.status).toBe('completed');
    expect(leaks(w.seen[0]?.body['tools'])).toEqual(secrets);
    const events = await eventsOf(run);
    expect(leaks(events)).toEqual([]);
    expect(leaks([view, run.snapshot(), await w.store.load(run.id)])).toEqual([]);
    const [shownTool] = events.flatMap((event) =>
      event.type === 'iteration.started' ? [event.request?.tools?.[0]] : [],
    );
    expect(shownTool).toEqual({
      type: 'mcp',
      server_label: 'docs',
      server_url: 'https://[redacted]@mcp.test/sse?[redacted]',
      authorization: '[redacted]',
      headers: { Authorization: '[redacted]', 'X-Team': '[redacted]' },
      require_approval: 'never',
    });
  });

  const user = 'tok-user-9';
  const password = 'tok-password-9';
  const key = 'tok-query-9';
  const shapes: readonly (readonly [string, object])[] = [
    ['a leading space', { server_url: ` https://${user}:${password}@mcp.test/sse?key=${key}` }],
    [
      'a leading control character',
      { server_url: `\u0000\thttps://${user}:${password}@mcp.test?key=${key}` },
    ],
    ['no scheme', { server_url: `//${user}:${password}@mcp.test/sse?key=${key}` }],
    ['no scheme and no slashes', { server_url: `${user}:${password}@mcp.test/sse?key=${key}` }],
    ['one slash', { server_url: `https:/${user}:${password}@mcp.test/sse?key=${key}` }],
    ['no slash', { server_url: `https:${user}:${password}@mcp.test/sse?key=${key}` }],
    ['many slashes', { server_url: `https:////${user}:${password}@mcp.test/sse?key=${key}` }],
    ['backslashes', { server_url: `https:\\\\${user}:${password}@mcp.test/sse?key=${key}` }],
    ['a line break', { server_url: `ht\ntps://${user}:${password}@mcp.test/sse?a=b\n&key=${key}` }],
    ['a slash in the password', { server_url: `https://${user}:${password}/${key}@mcp.test/sse` }],
    ['a question mark in the password', { server_url: `https://${user}:${password}?${key}@mcp.test/sse` }],
    ['an at sign in the password', { server_url: `https://${user}:${password}@${key}@mcp.test/sse` }],
    ['a list of URLs', { server_url: [`https://${user}:${password}@mcp.test/sse?key=${key}`] }],
    ['a list as the value of a header', { headers: { 'X-Key': [user, password], Accept: [[key]] } }],
    [
      'a list of headers',
      {
        headers: [
          ['X-Key', user],
          [password, key],
        ],
      },
    ],
    ['an object as the value of a header', { headers: { 'X-Key': { user, password, key } } }],
    ['an object as the authorization', { authorization: { user, password: [password], key } }],
    ['field names in another case', { Authorization: `Bearer ${user}`, HEADERS: { a: password, b: key } }],
    [
      'one domain secret instead of a list',
      { domain_secrets: { domain: 'a.test', name: 'A', value: [user, password, key] } },
    ],
  ];
  const nine = [user, password, key];

  test.each(shapes)(
    'in an unusual form are not in events, views or saved data: %s',
    async (_name, fields) => {
      const quoted = `refused: ${nine.join(', ')}`;
      const w = world(() =>
        responseOf('resp_1', 'failed', { error: { code: 'mcp_error', message: quoted } }),
      );
      const agent = defineAgent({
        name: 'a',
        model: 'm',
        tools: [{ type: 'mcp', server_label: 'docs', ...fields }],
      });
      const run = w.runner(agent).start(agent, 'Hi');
      await w.clock.advance(600_000);
      const view = await run.done();
      const sent = nine.filter((one) => JSON.stringify(w.seen[0]?.body).includes(one));
      expect(sent).toEqual(nine);
      const shown = [view, await eventsOf(run), run.snapshot(), await w.store.load(run.id)];
      expect(leaks(shown, nine)).toEqual([]);
    },
  );

  test.each([
    ['a query', (word: string) => `https://mcp.test/sse?key=${word}`],
    ['user info', (word: string) => `https://me:${word}@mcp.test/sse`],
  ])('that a URL encodes with percent signs are redacted in decoded form, too: %s', async (_name, urlOf) => {
    const word = 'tok/with+9"=';
    const server_url = urlOf(encodeURIComponent(word));
    const quoted = `401 for ${server_url}, by ${word}`;
    const item = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'docs', tools: [], error: quoted };
    const error = { code: 'mcp_error', message: quoted };
    const w = world(() => responseOf('resp_1', 'failed', { error, output: [item] }));
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      tools: [{ type: 'mcp', server_label: 'docs', server_url }],
    });
    const run = w.runner(agent).start(agent, 'Hi');
    await w.clock.advance(600_000);
    const shown = [await run.done(), await eventsOf(run), run.snapshot(), await w.store.load(run.id)];
    expect(leaks(shown, ['tok/with', encodeURIComponent(word)])).toEqual([]);
  });

  test.each([
    ['the password of a header', 'tok word/42'],
    ['a header in JSON text', 'tok \\"quoted\\" one'],
  ])('of headers are redacted in the form that the server quotes: %s', async (_name, quoted) => {
    const error = { code: 'mcp_error', message: `sent: ${quoted}` };
    const w = world(() => responseOf('resp_1', 'failed', { error }));
    const headers = { Authorization: `Basic ${btoa('me:tok word/42')}`, 'X-Key': 'tok "quoted" one' };
    const tools = [{ type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test/sse', headers }];
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(view.error?.message).toContain('sent: [redacted]');
  });

  test.each([
    'https://mcp.test/sse/@team/v1',
    'https://mcp.test:8443/sse',
    'https://[2001:db8::1]:8443/sse',
    '//mcp.test/sse',
    'mcp.test/sse',
    'unix:///var/run/mcp.sock',
    '',
  ])('a URL without secrets is shown unchanged: %s', async (server_url) => {
    const tools = [{ type: 'mcp', server_label: 'x', server_url }];
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const run = w.runner(agent).start(agent, 'Hi');
    await run.done();
    const [shown] = (await eventsOf(run)).flatMap((event) =>
      event.type === 'iteration.started' ? (event.request?.tools ?? []) : [],
    );
    expect(shown?.['server_url']).toBe(server_url);
  });

  test('parameters of functions are not redacted if they have the names of secret fields', async () => {
    const lookup = tool({ name: 'f', parameters: z.object({ authorization: z.literal('plain-text') }) });
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools: [lookup] });
    const run = w.runner(agent).start(agent, 'Hi');
    await run.done();
    expect(JSON.stringify(await eventsOf(run))).toContain('plain-text');
  });

  test.each(['error', 'failed', 'item', 'stream'] as const)(
    'that the server quotes are redacted in events, views and saved data: %s',
    async (where) => {
      const quoted = `cannot reach https://me:tok-password-1@mcp.test/sse?key=tok-query-1 by tok-header-1`;
      const item = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'docs', tools: [], error: quoted };
      const failure = { code: 'mcp_error', message: quoted };
      const w = world((request) => {
        if (where === 'error') return Response.json({ error: failure }, { status: 400 });
        if (request.method === 'POST') {
          if (where !== 'stream') return responseOf('resp_1', 'queued');
          const response = responseOf('resp_1', 'failed', { output: [item], error: failure });
          return sseAnswer([
            { type: 'response.created', response: responseOf('resp_1', 'in_progress') },
            { type: 'response.output_item.done', output_index: 0, item },
            { type: 'error', error: failure },
            { type: 'response.failed', response },
          ]);
        }
        if (where === 'failed') return responseOf('resp_1', 'failed', { error: failure });
        return responseOf('resp_1', 'completed', { output: [item, messageOf('ok')] });
      });
      const agent = defineAgent({ name: 'a', model: 'm', tools: hosted() });
      const run = w.runner(agent).start(agent, 'Hi');
      await w.clock.advance(60_000);
      const view = await run.done();
      expect(JSON.stringify(view)).toContain('cannot reach');
      expect(leaks([view, await eventsOf(run), await w.store.load(run.id)])).toEqual([]);
    },
  );
});
