/** A start in this process whose run is not saved yet. It counts as an active run. */
export class PendingStart {
  /** The ids of the owner's starts that were requested before this one and are still pending. */
  readonly earlier: ReadonlySet<string>;
  readonly #end: () => void;
  #isHeld = false;

  constructor(earlier: ReadonlySet<string>, end: () => void) {
    this.earlier = earlier;
    this.#end = end;
  }

  /** The start stays pending until `saving` settles, which may be long after the answer to its request. */
  holdFor(saving: Promise<void>): void {
    this.#isHeld = true;
    saving.then(this.#end, this.#end);
  }

  /** The request has been answered. */
  answered(): void {
    if (!this.#isHeld) this.#end();
  }
}

/** The pending starts of this process, in the order of their requests. */
export class RunStarts {
  readonly #pending = new Map<string, { readonly owner: string; readonly ended: Promise<void> }>();

  /** Begins a start, after an earlier start with the same id has ended. */
  async begin(runId: string, owner: string): Promise<PendingStart> {
    for (let same = this.#pending.get(runId); same !== undefined; same = this.#pending.get(runId))
      await same.ended;
    const earlier = [...this.#pending].flatMap(([id, other]) => (other.owner === owner ? [id] : []));
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#pending.set(runId, { owner, ended });
    return new PendingStart(new Set(earlier), () => {
      this.#pending.delete(runId);
      resolve();
    });
  }
}
