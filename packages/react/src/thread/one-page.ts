/** The work of this page under each name, for browsers without Web Locks. */
const pending = new Map<string, Promise<unknown>>();

/** Does the work while no other page of the site, and no other part of this page, does work under this name. */
export async function inOnePage<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Pages without HTTPS have no Web Locks.
  const locks: LockManager | null | undefined = globalThis.navigator?.locks;
  if (locks) return await locks.request(name, work);
  const before = pending.get(name) ?? Promise.resolve();
  const done = before.then(work, work);
  pending.set(name, done);
  return await done;
}
