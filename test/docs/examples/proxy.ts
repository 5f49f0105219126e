import { anonymous, createProxy } from '@longhaul/core/server';

// (request: Request) => Promise<Response>, for the server of your site: Hono, Next.js, Workers, Vite.
export const proxy = createProxy({
  apiKey: process.env['OPENAI_API_KEY'] ?? '',
  secret: process.env['PROXY_SECRET'] ?? '', // signs ids: `openssl rand -hex 32`
  authorize: anonymous, // on a site with accounts: the user of the session
  allow: { models: ['gpt-6-astra'] },
});
