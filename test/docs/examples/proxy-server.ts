import { serve } from '@hono/node-server';
import { anonymous, createProxy } from '@longhaul/core/server';

const { OPENAI_API_KEY = '', OPENAI_BASE_URL = 'https://api.openai.com/v1' } = process.env;
const { PROXY_SECRET = '', PORT = 3000 } = process.env;
const proxy = createProxy({
  apiKey: OPENAI_API_KEY,
  baseURL: OPENAI_BASE_URL,
  secret: PROXY_SECRET, // signs ids: `openssl rand -hex 32`
  authorize: anonymous, // on a site with accounts: the user of the session
  allow: { models: ['gpt-6-astra'], maxBodyBytes: 8 * 1024 * 1024 },
});
serve({ fetch: proxy, port: Number(PORT) }, ({ port }) => console.log(`http://localhost:${port}`));
