import { fetchClient } from '@longhaul/core';

/** An API in this process. Its responses stay in progress. */
export interface MemoryApi {
  readonly client: ReturnType<typeof fetchClient>;
  /** The number of GETs. */
  gets: number;
}

/** @param onGet Called with the id of the response of each GET. */
export function memoryApi(onGet: (responseId: string) => void = () => undefined): MemoryApi {
  function answer(id: string): Response {
    return Response.json({
      ...{ id, object: 'response', created_at: 1_700_000_000, status: 'in_progress', background: true },
      ...{ model: 'gpt-6-astra', output: [], error: null, usage: null, incomplete_details: null },
    });
  }
  const api: MemoryApi = {
    gets: 0,
    client: fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: 'bench',
      fetch: async (url, { method } = {}) => {
        if (method === 'POST') return answer(`resp_${crypto.randomUUID().replaceAll('-', '')}`);
        const id = new URL(url).pathname.split('/').at(-1) ?? '';
        api.gets += 1;
        onGet(id);
        return answer(id);
      },
    }),
  };
  return api;
}
