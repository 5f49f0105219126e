import type OpenAI from 'openai';
import type { AzureOpenAI } from 'openai';
import { describe, expectTypeOf, test } from 'vitest';
import { fetchClient } from './fetch-client.ts';
import type { ResponsesClient } from './responses-client.ts';

describe('a client, without a cast, is', () => {
  test('an instance of the openai package', () => {
    expectTypeOf<OpenAI>().toExtend<ResponsesClient>();
    expectTypeOf<AzureOpenAI>().toExtend<ResponsesClient>();
  });

  test('fetchClient', () => {
    expectTypeOf(fetchClient).returns.toExtend<ResponsesClient>();
  });

  test('three functions that promise Response objects', () => {
    expectTypeOf<{
      responses: {
        create(body: object): Promise<object>;
        retrieve(responseId: string): Promise<object>;
        cancel(responseId: string): Promise<object>;
      };
    }>().toExtend<ResponsesClient>();
  });

  test('nothing that cannot cancel', () => {
    expectTypeOf<{ responses: Omit<OpenAI['responses'], 'cancel'> }>().not.toExtend<ResponsesClient>();
  });
});
