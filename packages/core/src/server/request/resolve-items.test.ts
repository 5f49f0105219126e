import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../wire/json.ts';
import { createIdSigner } from '../ids/id-signer.ts';
import { readProxyOptions } from '../options/proxy-config.ts';
import { checkCreate, type CreateRequest } from './create-request.ts';

const secret = 'a secret of the site, long enough';
const now = 1_000_000;
const signer = createIdSigner([secret], 1_000);

/** Returns the checked create. The site allows no reference except to `msg_allowed`. */
async function check(...input: readonly JsonObject[]): Promise<CreateRequest> {
  const config = readProxyOptions({
    apiKey: 'sk-test',
    secret,
    authorize: () => 'ann',
    allow: { models: ['m'], hostedTools: ['mcp:docs'] },
    authorizeReference: (_principal, _kind, id) => id === 'msg_allowed',
    clock: { now: () => now, sleep: () => new Promise(() => undefined) },
  });
  return checkCreate({ model: 'm', input }, 'ann', 'ann', config, signer);
}

async function sent(item: JsonObject): Promise<unknown> {
  const { input } = (await check(item)).body;
  return Array.isArray(input) ? input[0] : undefined;
}

async function nameOf(id: string, principal = 'ann', issuedAt = now): Promise<string> {
  return String(await signer.signItem(id, principal, issuedAt));
}

const summary = [{ type: 'summary_text', text: 'x' }];
const refused = { code: 'reference_not_allowed', details: { param: 'input[0]' } };

describe('replaces a signed id of the principal with the API’s id (as when a lost chain is replayed):', () => {
  test.each<JsonObject>([
    { type: 'reasoning', id: 'rs_1', summary },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
    { type: 'item_reference', id: 'fc_1' },
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
    { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '' },
    { type: 'function_call_output', id: 'fco_1', call_id: 'c', output: '' },
    { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'docs', tools: [] },
  ])('%j', async (item) => {
    const name = await nameOf(String(item['id']));
    expect(await sent({ ...item, id: name })).toEqual(item);
    expect((await check({ ...item, id: name })).items).toEqual(new Map([[item['id'], name]]));
  });

  test('an item without a type', async () => {
    expect(await sent({ id: await nameOf('msg_1') })).toEqual({ type: 'item_reference', id: 'msg_1' });
  });

  test('the approval_request_id of an approval', async () => {
    const response = { type: 'mcp_approval_response', approve: true };
    expect(await sent({ ...response, approval_request_id: await nameOf('mcpr_1') })).toEqual({
      ...response,
      approval_request_id: 'mcpr_1',
    });
  });

  test('300 items, although the site allows none of them', async () => {
    const names = await Promise.all(Array.from({ length: 300 }, (_, index) => nameOf(`rs_${index}`)));
    const { body } = await check(...names.map((id) => ({ type: 'reasoning', id, summary })));
    expect(body['input']).toHaveLength(300);
  });
});

describe('an item without content', () => {
  const reference = (id: string): JsonObject => ({ type: 'item_reference', id });

  test.each<[string, () => string | Promise<string>]>([
    ['an id of the API', () => 'rs_1'],
    ['the signed id of another principal', () => nameOf('rs_1', 'bob')],
    ['an expired signed id', () => nameOf('rs_1', 'ann', now - 2_000)],
    ['a signed id with one changed letter', async () => (await nameOf('rs_1')).replace(/.{5}$/, 'AAAAA')],
    ['a signed id with additional letters', async () => `${await nameOf('rs_1')}AAAA`],
    ['a signed id of a response', () => signer.sign('rs_1', 'ann', now)],
    ['a signed id with another prefix', async () => (await nameOf('rs_1')).replace('rs_', 'msg_')],
  ])('is refused if it has %s', async (_, id) => {
    await expect(check(reference(await id()))).rejects.toMatchObject(refused);
    await expect(check({ type: 'reasoning', summary, id: await id() })).rejects.toMatchObject(refused);
  });

  test('is refused within a message, even with a signed id', async () => {
    const content = [{ type: 'item_reference', id: await nameOf('rs_1') }];
    await expect(check({ type: 'message', role: 'user', content })).rejects.toMatchObject({
      code: 'reference_not_allowed',
    });
  });

  test('is accepted if the site allows it', async () => {
    expect(await sent(reference('msg_allowed'))).toEqual(reference('msg_allowed'));
  });
});

test.each<[string, () => Promise<string>]>([
  ['expired', () => nameOf('fc_1', 'ann', now - 2_000)],
  ['of another principal', () => nameOf('fc_1', 'bob')],
])('removes a signed id that is %s from an item with content', async (_, name) => {
  const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
  expect(await sent({ ...call, id: await name() })).toEqual(call);
});
