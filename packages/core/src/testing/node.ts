import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mustBeOptions } from '../errors/must-be.ts';
import type { Emulator } from './emulator.ts';

/** An emulator served over HTTP. `await using` closes it at the end of the block. */
export interface EmulatorServer extends AsyncDisposable {
  /** The base URL for clients: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  return headers;
}

/**
 * Resolves when the socket has the bytes or is closed, so that a fault that breaks the connection next does not discard
 * them.
 */
function write(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write(bytes, () => {
      outgoing.off('close', resolve);
      resolve();
    });
  });
}

async function handle(
  emulator: Emulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const method = incoming.method ?? 'GET';
  const response = await emulator.fetch(
    `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`,
    {
      method,
      headers: headersOf(incoming),
      signal: gone.signal,
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) }),
    },
  );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  // Clients must see that the stream was accepted, even before its first event.
  outgoing.flushHeaders();
  if (response.body === null) {
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  for (let part = await reader.read(); !part.done; part = await reader.read())
    await write(outgoing, part.value);
  outgoing.end();
}

/**
 * Serves an emulator over HTTP on loopback. Uses `node:http` directly, because faults destroy the socket before or
 * during an answer.
 *
 * @param options.port @default 0 (any free port)
 * @throws ConfigurationError for another option, or an invalid `port`
 * @example
 * await using server = await serveEmulator(createEmulator({ script: [{ text: 'Hi' }] }));
 * const client = new OpenAI({ baseURL: server.url, apiKey: 'test' });
 */
export async function serveEmulator(
  emulator: Emulator,
  options: { readonly port?: number } = {},
): Promise<EmulatorServer> {
  mustBeOptions(options, 'serveEmulator', { port: 'amount' });
  const server = createServer((incoming, outgoing) => {
    // If `fetch` rejects or the body breaks, as with a fault, the client's connection breaks too.
    handle(emulator, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}/v1`, close, [Symbol.asyncDispose]: close };
}
