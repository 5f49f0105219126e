/** The names under which this page works, and the end of the last work, for browsers without Web Locks. */
const pending = new Map<string, Promise<unknown>>();

/** Does the work while no other page of the site, and no other part of this page, does work under this name. */
export async function inOnePage<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Pages without HTTPS have no Web Locks.
  const locks: LockManager | null | undefined = globalThis.navigator?.locks;
  if (locks) return await locks.request(name, work);
  return await afterPending(name, work);
}

/** Does the work as `inOnePage` does it, but only if it can begin immediately. Returns whether it was done. */
export async function inOnePageNow(name: string, work: () => Promise<void>): Promise<boolean> {
  const whenFree = async (isFree: boolean): Promise<boolean> => {
    if (isFree) await work();
    return isFree;
  };
  const locks: LockManager | null | undefined = globalThis.navigator?.locks;
  if (locks) return await locks.request(name, { ifAvailable: true }, (lock) => whenFree(lock !== null));
  return pending.has(name) ? false : await afterPending(name, () => whenFree(true));
}

async function afterPending<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = pending.get(name) ?? Promise.resolve();
  const done = before.then(work, work);
  pending.set(name, done);
  try {
    return await done;
  } finally {
    if (pending.get(name) === done) pending.delete(name);
  }
}
