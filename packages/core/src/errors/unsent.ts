import { fieldsOf, wordOf } from '../wire/json.ts';

/**
 * These patterns match the codes and messages of errors for a request that was not sent, so that the server cannot have
 * acted. Name resolution, connecting, or the TLS handshake failed, or the address is invalid. With any other error the
 * request may have been sent; Chrome reports “Failed to fetch” for all failures.
 */
const unsentErrors: readonly RegExp[] = [
  // Node: the system call in the message, and codes for errors without one. Bun, and Deno's two generations of hyper.
  /\b(?:connect|getaddrinfo) E|^(?:ECONNREF|ENOTFOUND|EAI_|EHOST|ENET[DU]|EADDR|ConnectionRefused|FailedToOpen|DNS)/,
  /client error \(Connect\)|error trying to connect/,
  // Chromium, if it has details: Electron's `net.fetch`, and the extensions of VS Code.
  /ERR_(?:NAME|INTERNET|ADDRESS)_|CONNECTION_(?:REF|FAIL|TIM)/,
  // undici. A proxy that refuses the tunnel has forwarded nothing.
  /CONNECT_TIMEOUT|unknown scheme|bad port|not implemented\.|HTTP Tunneling|Invalid URL|includes credentials/,
  // OpenSSL's errors for certificates (Node, Bun), and for handshakes: by code or by message.
  /(?:^|_)(?:CERT|CRL|CA\b|ISSUER|LEAF)|^INVALID_PURPOSE|^PATH_LENGTH|^HOSTNAME_MIS/,
  /(?:wrong|protocol|un(?:supported|known)|no)[ _](?:version|protocol|ca\b)|handshake[ _][ft]|unrecognized[ _]name|before secure TLS/i,
];

/** Whether a thrown value or its cause states that nothing was sent. */
export function isUnsent(thrown: unknown, depth = 6): boolean {
  if (!thrown || depth === 0) return false;
  const { code = '', syscall, message, cause, errors } = fieldsOf(thrown);
  // A network can also fail during a connection. Only a TLS handshake fails while it writes (`EPROTO`).
  if ((syscall === 'read' || syscall === 'write') && code !== 'EPROTO') return false;
  const said = `${wordOf(code)} ${wordOf(message)}`;
  if (unsentErrors.some((pattern) => pattern.test(said))) return true;
  // One error for each address, or for each attempt.
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((one: unknown) => isUnsent(one, depth - 1));
  return isUnsent(cause, depth - 1);
}
