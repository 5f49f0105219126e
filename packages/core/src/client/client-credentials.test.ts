import { AzureOpenAI, OpenAI } from 'openai';
import { expect, test } from 'vitest';
import { fetchClient } from './fetch-client.ts';
import { refreshesCredentials } from './client-credentials.ts';

test('a client can refresh its credentials only if it gets them from a function', () => {
  const baseURL = 'http://openai.test/v1';
  expect(refreshesCredentials(fetchClient({ baseURL, apiKey: 'key' }))).toBe(false);
  expect(refreshesCredentials(fetchClient({ baseURL, apiKey: async () => 'key' }))).toBe(true);
  expect(refreshesCredentials(new OpenAI({ baseURL, apiKey: 'key' }))).toBe(false);
  expect(refreshesCredentials(new OpenAI({ baseURL, apiKey: async () => 'key' }))).toBe(true);
  const azureADTokenProvider = async () => 'token';
  expect(refreshesCredentials(new AzureOpenAI({ baseURL, azureADTokenProvider, apiVersion: 'v1' }))).toBe(
    true,
  );
});
