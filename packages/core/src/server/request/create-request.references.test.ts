import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../wire/json.ts';
import type { ProxyOptions } from '../options/proxy-options.ts';
import { clock, signer, check, sent, user } from '../../../test-support/checked-create.ts';

describe('the response to continue from', () => {
  test('replaces its signed id with the API’s id', async () => {
    const token = await signer.sign('resp_raw', 'ann', clock.now());
    const create = await check({ model: 'm', previous_response_id: token });
    expect(create.body).toEqual({ model: 'm', previous_response_id: 'resp_raw' });
    expect(create.previous).toEqual({
      token,
      owned: { responseId: 'resp_raw', issuedAt: 1_000_000, secret: 0 },
    });
  });

  test.each(['resp_raw', '', '../x', 'another principal’s', 'expired'])(
    'refuses the id: %s',
    async (name) => {
      const token =
        name === 'expired'
          ? await signer.sign('resp_raw', 'ann', clock.now() - 2_000)
          : name === 'another principal’s'
            ? await signer.sign('resp_raw', 'bob', clock.now())
            : name;
      await expect(sent({ previous_response_id: token })).rejects.toMatchObject({
        status: 400,
        code: 'previous_response_not_found',
        details: { param: 'previous_response_id' },
      });
    },
  );
});

describe('references', () => {
  const reference = [{ type: 'message', role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }];

  test('refuses references by default', async () => {
    await expect(sent({ input: reference })).rejects.toMatchObject({
      code: 'reference_not_allowed',
      details: { param: 'input[0].content[0].file_id' },
    });
    await expect(sent({ conversation: 'conv_1' })).rejects.toMatchObject({
      details: { param: 'conversation' },
    });
    await expect(
      sent({ prompt: { id: 'pmpt_1', variables: { a: { file_id: 'file-1' } } } }),
    ).rejects.toMatchObject({ details: { param: 'prompt' } });
  });

  test('accepts references if the site allows each of them for this principal', async () => {
    const asked: unknown[] = [];
    const options: Partial<ProxyOptions> = {
      authorizeReference: async (...question) => {
        asked.push(question);
        return true;
      },
    };
    expect(await sent({ input: reference, conversation: 'conv_1' }, options)).toMatchObject({
      input: reference,
      conversation: 'conv_1',
    });
    expect(asked).toEqual([
      ['ann', 'file', 'file-1'],
      ['ann', 'conversation', 'conv_1'],
    ]);
  });

  test.each([undefined, 'yes', 1, {}])(
    'refuses references if authorizeReference returns %j',
    async (verdict) => {
      const authorizeReference: NonNullable<ProxyOptions['authorizeReference']> = () => verdict as boolean;
      await expect(sent({ input: reference }, { authorizeReference })).rejects.toMatchObject({
        code: 'reference_not_allowed',
      });
    },
  );

  test('refuses the create if the site does not allow one of its references', async () => {
    const authorizeReference = (_: unknown, __: string, id: string): boolean => id !== 'file-3';
    const files = (ids: string[]) => [
      { type: 'message', role: 'user', content: ids.map((file_id) => ({ type: 'input_file', file_id })) },
    ];
    await expect(
      sent({ input: files(['file-1', 'file-2', 'file-3']) }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
    expect(await sent({ input: files(['file-1', 'file-2']) }, { authorizeReference })).toBeDefined();
  });

  test('asks the site about at most 100 references, and refuses a create with more', async () => {
    let asked = 0;
    const authorizeReference = (): boolean => {
      asked += 1;
      return true;
    };
    const content = Array.from({ length: 5_000 }, (_, index) => ({
      type: 'input_file',
      file_id: `file-${index}`,
    }));
    await expect(
      sent({ input: [{ type: 'message', role: 'user', content }] }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
    expect(asked).toBeLessThanOrEqual(100);
  });

  test('refuses 200,000 references, more than an argument list holds (attack)', async () => {
    const content = Array.from({ length: 200_000 }, () => ({ file_id: 'file-1' }));
    const input = [{ type: 'message', role: 'user', content }];
    await expect(sent({ input })).rejects.toMatchObject({ status: 400, code: 'reference_not_allowed' });
    await expect(sent({ input: [[content]] })).rejects.toMatchObject({ status: 400 });
  });

  test('accepts an allowed reference again after a hundred others', async () => {
    const content = [...Array.from({ length: 100 }, (_, index) => `file-${index}`), 'file-0'].map(
      (file_id) => ({
        type: 'input_file',
        file_id,
      }),
    );
    const input = [{ type: 'message', role: 'user', content }];
    expect(await sent({ input }, { authorizeReference: () => true })).toMatchObject({ input });
  });

  test.each<JsonObject>([
    { prompt: [] },
    { prompt: [{ id: 'pmpt_1' }] },
    { prompt: {} },
    { conversation: [] },
    { conversation: {} },
    { conversation: false },
    { input: [{ type: 'reasoning', id: 'rs_1' }] },
    { input: [{ type: 'compaction', id: 'cmp_1' }] },
    { input: [{ role: 'user', content: [{ type: 'input_video', video_url: 'https://a.test/v' }] }] },
    { input: [{ role: 'user', content: [{ type: 'input_audio', audio_url: 'https://a.test/a' }] }] },
    {
      input: [
        { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'http://10.0.0.1/' } }] },
      ],
    },
  ])('refuses an unknown reference in any form (attack): %j', async (body) => {
    await expect(sent(body)).rejects.toMatchObject({ status: 400, code: 'reference_not_allowed' });
  });

  test('refuses the id of a response in an item, even if the site allows it', async () => {
    const authorizeReference = (): boolean => true;
    await expect(
      sent({ input: [{ ...user, previous_response_id: 'resp_1' }] }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
  });

  test('ignores keys in schemas and metadata: a tool may have an argument `file_id`', async () => {
    const schema = {
      type: 'object',
      properties: { file_id: { type: 'string' }, prompt: { type: 'string', enum: ['conversation'] } },
    };
    const body = {
      tools: [{ type: 'function', name: 'f', parameters: schema, strict: true }],
      text: { format: { type: 'json_schema', name: 'x', schema, strict: true } },
      metadata: { file_id: 'file-1' },
    };
    expect(await sent(body)).toMatchObject(body);
  });
});
