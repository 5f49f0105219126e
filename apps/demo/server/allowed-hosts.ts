import type { MiddlewareHandler } from 'hono';

/** Names that no other machine can point elsewhere. */
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The name in a `Host` header, without its port; undefined for what is no host alone. */
function nameOf(host: string): string | undefined {
  if (!/^[^\s/\\@?#]+$/.test(host)) return undefined;
  return URL.parse(`http://${host}`)?.hostname;
}

/**
 * Answers only under the names that are the server's own. A page of another site can have its name point at this machine
 * (DNS rebinding): for the browser it then is of the same origin, and could spend the key.
 *
 * @param hosts Names beside those of this machine
 */
export function allowHosts(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set([...loopback, ...hosts.map((host) => nameOf(host) ?? host)]);
  const isAllowed = (host: string): boolean => allowed.has(nameOf(host) ?? '');
  return async (context, next) => {
    const { host } = new URL(context.req.url);
    if (isAllowed(host) && isAllowed(context.req.header('host') ?? host)) return next();
    return context.text('This server is not known by this name. LONGHAUL_DEMO_HOSTS adds names.\n', 403);
  };
}
