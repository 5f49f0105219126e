import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const cookieName = 'longhaul-demo-visitor';
const sessionId = /^[\w-]{43}$/;
const yearInSeconds = 365 * 24 * 3_600;

/**
 * Returns the visitor who sent a request. A browser without a session gets one, in a cookie that scripts cannot read.
 * The id of the visitor is a hash of the session's id, because pages may see the owner of a run.
 *
 * A real site has accounts. The demo only needs to distinguish browsers.
 */
export function visitorOf(context: Context): string {
  const sent = getCookie(context, cookieName);
  const session = sent !== undefined && sessionId.test(sent) ? sent : randomBytes(32).toString('base64url');
  if (session !== sent) {
    setCookie(context, cookieName, session, {
      httpOnly: true,
      maxAge: yearInSeconds,
      path: '/',
      sameSite: 'Lax',
      secure: new URL(context.req.url).protocol === 'https:',
    });
  }
  return createHash('sha256').update(session).digest('base64url');
}
