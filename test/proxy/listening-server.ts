import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** A server on loopback. `await using` closes it at the end of the block, with every connection. */
export interface ListeningServer extends AsyncDisposable {
  readonly port: number;
}

export async function listen(
  listener: (...exchange: Parameters<RequestListener>) => void | Promise<void>,
): Promise<ListeningServer> {
  const server = createServer((incoming, outgoing) => {
    // If a test's listener fails, the client's request fails.
    Promise.resolve(listener(incoming, outgoing)).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
