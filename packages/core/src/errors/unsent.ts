import { fieldsOf } from '../wire/json.ts';

/**
 * How platforms say that a request was not sent: name resolution, connecting, the TLS handshake, or the address itself
 * failed, and the server cannot have acted. Matched against an error's code and message. What is missing here may have
 * been sent: browsers say "Failed to fetch" of everything.
 */
const sayings: readonly RegExp[] = [
  // Node: the system call, in its message, and codes for errors that name none.
  /\b(?:connect|getaddrinfo) E[A-Z]/,
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)/,
  // undici: `fetch` puts these into the cause. A proxy that refuses the tunnel has passed nothing on.
  /UND_ERR_CONNECT_TIMEOUT|unknown scheme|bad port|not implemented\.\.\. yet|HTTP Tunneling/,
  /ERR_INVALID_URL|Failed to parse URL|URL that includes credentials/,
  // OpenSSL's verdicts on certificates, and handshakes that fail: by code (Node 20 and later, Bun) or by message.
  /(?:^|_)CERT|^(?:CRL_|UNABLE_TO_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/,
  /(?:wrong|protocol|un(?:supported|known)|no)[ _](?:version|protocol|ca\b)|handshake[ _](?:failure|timeout)|unrecognized[ _]name|packet[ _]length|before secure TLS/i,
  // Bun; Deno's two generations of hyper; Electron.
  /^(?:ConnectionRefused|FailedToOpenSocket|DNS)|client error \(Connect\)|error trying to connect/,
  /ERR_(?:NAME_NOT_RESOLVED|CONNECTION_REFUSED|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|UNKNOWN_URL_SCHEME)/,
];

/** Whether what was thrown says, itself or by its cause, that nothing was sent. */
export function isUnsent(thrown: unknown, depth = 6): boolean {
  if (!thrown || depth === 0) return false;
  const { code = '', syscall, message, cause, errors } = fieldsOf(thrown);
  // A network can also go away under a connection. Only a TLS handshake fails while it writes (`EPROTO`).
  if ((syscall === 'read' || syscall === 'write') && code !== 'EPROTO') return false;
  const said = `${String(code)} ${String(message)}`;
  if (sayings.some((saying) => saying.test(said))) return true;
  // One error for each address, or for each try.
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((one: unknown) => isUnsent(one, depth - 1));
  return isUnsent(cause, depth - 1);
}
