/** The last work under each name in this page, for pages without Web Locks. */
const pending = new Map<string, Promise<unknown>>();

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

/** Does the work with a Web Lock, or does `otherwise` if the page has none. */
async function withWebLock<T>(
  name: string,
  ifAvailable: boolean,
  work: (isFree: boolean) => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  // Pages without HTTPS have no Web Locks.
  const locks: LockManager | null | undefined = globalThis.navigator?.locks;
  if (!locks) return await otherwise();
  let isAnswered = false;
  try {
    return await locks.request(name, { ifAvailable }, (lock) => {
      isAnswered = true;
      return work(lock !== null);
    });
  } catch (error) {
    // A browser that blocks the data of the site also refuses its locks.
    if (isAnswered) throw error;
    return await otherwise();
  }
}

/** Does the work while no other page of the site, and no other part of this page, has the lock with this name. */
export async function withLock(name: string, work: () => Promise<void>): Promise<void> {
  await withWebLock(name, false, work, () => afterPending(name, work));
}

/** Does the work if nothing has the lock with this name. Returns whether the lock was free. */
export async function withFreeLock(name: string, work: () => Promise<void>): Promise<boolean> {
  const workIf = async (isFree: boolean): Promise<boolean> => {
    if (isFree) await work();
    return isFree;
  };
  return await withWebLock(name, true, workIf, async () =>
    pending.has(name) ? false : await afterPending(name, () => workIf(true)),
  );
}
