/** Saves an entry of a thread's queue, as another tab does. */
export function saveWaiting(threadId: string, id: string, entry: unknown): void {
  localStorage.setItem(`longhaul/queue/${threadId}/input/${id}`, JSON.stringify(entry));
}
