import { fieldsOf } from '../wire/json.ts';
import { wordOf } from '../wire/text-of.ts';

/**
 * How platforms say that a request was not sent: name resolution, connecting, the TLS handshake, or the address itself
 * failed, and the server cannot have acted. Matched against an error's code and message. What is missing here may have
 * been sent: browsers say "Failed to fetch" of everything.
 */
const sayings: readonly RegExp[] = [
  // Node: the system call, in its message, and codes for errors that name none. Bun; Deno's two generations of hyper.
  /\b(?:connect|getaddrinfo) E|^(?:ECONNREF|ENOTFOUND|EAI_|EHOST|ENET[DU]|EADDR|ConnectionRefused|FailedToOpen|DNS)/,
  /client error \(Connect\)|error trying to connect/,
  // Chromium, where it says so: Electron's `net.fetch`, and the extensions of VS Code.
  /ERR_(?:NAME|INTERNET|ADDRESS)_|CONNECTION_(?:REF|FAIL|TIM)/,
  // undici. A proxy that refuses the tunnel has passed nothing on.
  /CONNECT_TIMEOUT|unknown scheme|bad port|not implemented\.|HTTP Tunneling|Invalid URL|includes credentials/,
  // OpenSSL's verdicts on certificates (Node, Bun), and handshakes that fail: by code or by message.
  /(?:^|_)(?:CERT|CRL|CA\b|ISSUER|LEAF)|^INVALID_PURPOSE|^PATH_LENGTH|^HOSTNAME_MIS/,
  /(?:wrong|protocol|un(?:supported|known)|no)[ _](?:version|protocol|ca\b)|handshake[ _][ft]|unrecognized[ _]name|before secure TLS/i,
];

/** Whether what was thrown says, itself or by its cause, that nothing was sent. */
export function isUnsent(thrown: unknown, depth = 6): boolean {
  if (!thrown || depth === 0) return false;
  const { code = '', syscall, message, cause, errors } = fieldsOf(thrown);
  // A network can also go away under a connection. Only a TLS handshake fails while it writes (`EPROTO`).
  if ((syscall === 'read' || syscall === 'write') && code !== 'EPROTO') return false;
  const said = `${wordOf(code)} ${wordOf(message)}`;
  if (sayings.some((saying) => saying.test(said))) return true;
  // One error for each address, or for each try.
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((one: unknown) => isUnsent(one, depth - 1));
  return isUnsent(cause, depth - 1);
}
