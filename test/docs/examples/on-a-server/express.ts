import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { handler } from './runs.ts';

const app = express();
// Before `express.json()`, because the handler reads the body itself.
app.use('/api/longhaul', getRequestListener(handler, { overrideGlobalObjects: false }));
app.use(express.json());
const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://localhost:${address?.port}`);
});
