import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An HTTP server on loopback in place of the API. */
export interface Gateway extends AsyncDisposable {
  readonly baseURL: string;
  /** The requests received, such as `POST /v1/responses`. */
  readonly asked: readonly string[];
}

type Answer = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

export async function startGateway(answer: Answer): Promise<Gateway> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    incoming.resume().on('end', () => answer(outgoing, incoming));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    baseURL: `http://127.0.0.1:${address.port}/v1`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Returns an answer that is the same for all requests. */
export function answering(status: number, body: string, contentType = 'application/json'): Answer {
  return (outgoing) => outgoing.writeHead(status, { 'content-type': contentType }).end(body);
}
