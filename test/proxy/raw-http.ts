import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends unchanged bytes, because `fetch` would correct the path and the headers, and reads until the end. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer;
}

/** A request with the given lines. The connection closes after the answer. */
export function rawRequest(requestLine: string, headers: readonly string[] = [], body = ''): string {
  const all = ['Host: site.test', 'Connection: close', ...headers];
  return `${requestLine} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`;
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
