import type OpenAI from 'openai';
import type { AzureOpenAI } from 'openai';
import { describe, expectTypeOf, test } from 'vitest';
import { fetchClient } from './fetch-client.ts';
import type { ResponsesClient } from './responses-client.ts';

describe('ResponsesClient', () => {
  test('accepts instances of the openai package without a cast', () => {
    expectTypeOf<OpenAI>().toExtend<ResponsesClient>();
    expectTypeOf<AzureOpenAI>().toExtend<ResponsesClient>();
  });

  test('accepts fetchClient', () => {
    expectTypeOf(fetchClient).returns.toExtend<ResponsesClient>();
  });

  test('accepts three functions that resolve to Response objects', () => {
    expectTypeOf<{
      responses: {
        create(body: object): Promise<object>;
        retrieve(responseId: string): Promise<object>;
        cancel(responseId: string): Promise<object>;
      };
    }>().toExtend<ResponsesClient>();
  });

  test('has an optional delete, which the openai package implements', () => {
    type Delete = NonNullable<ResponsesClient['responses']['delete']>;
    expectTypeOf<OpenAI['responses']['delete']>().toExtend<Delete>();
  });

  test('rejects a client without cancel', () => {
    expectTypeOf<{ responses: Omit<OpenAI['responses'], 'cancel'> }>().not.toExtend<ResponsesClient>();
  });
});
