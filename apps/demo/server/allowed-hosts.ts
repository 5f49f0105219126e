import type { MiddlewareHandler } from 'hono';

/** Host names that always refer to this machine. */
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Returns the name in a `Host` header without its port, or undefined if the header is not a host. */
function nameOf(host: string): string | undefined {
  if (!/^[^\s/\\@?#]+$/.test(host)) return undefined;
  return URL.parse(`http://${host}`)?.hostname;
}

/** An IPv6 address may have no brackets in the configuration. A `Host` header always has them. */
function allowedName(host: string): string {
  return nameOf(host) ?? nameOf(`[${host}]`) ?? host;
}

/**
 * Rejects requests for other host names. A site can point its own name at this machine (DNS rebinding). The browser then
 * treats the site's page as the same origin, and the page could use the key.
 *
 * @param hosts Names that are accepted in addition to those of this machine
 */
export function allowHosts(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set([...loopback, ...hosts.map(allowedName)]);
  const isAllowed = (host: string): boolean => allowed.has(nameOf(host) ?? '');
  return async (context, next) => {
    const { host } = new URL(context.req.url);
    if (isAllowed(host) && isAllowed(context.req.header('host') ?? host)) return next();
    return context.text(
      'This server does not accept this host name. Add the name to LONGHAUL_DEMO_HOSTS.\n',
      403,
    );
  };
}
