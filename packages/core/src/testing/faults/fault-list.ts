import type { Fault, FaultName, FaultNamed } from './fault.ts';
import type { Occasion } from './transport-fault.ts';

/** Faults that are a property of a server and not an incident. Without `times` and `forMs` they always take effect. */
const lasting: ReadonlySet<FaultName> = new Set<FaultName>([
  '202-create',
  'azure-loses-calls',
  'buffer-stream',
  'cancel-terminal-400',
  'cancel-without-usage',
  'chain-ignored',
  'content-type',
  'crlf',
  'done-event',
  'done-sentinel',
  'duplicate-events-on-resume',
  'empty-terminal-output',
  'get-404-for',
  'headers-timeout',
  'ignore-background',
  'keepalive-comments',
  'missing-last-blank-line',
  'no-reasoning-include',
  'other-ids-in-terminal',
  'other-response-id',
  'previous-response-not-found-for',
  'rotating-item-ids',
  'slow-poll',
  'split-chunks',
  'store-false-echo',
  'stream-expired',
  'terminal-without-status',
  'unknown-event',
  'unknown-status',
  'unsequenced-events',
  'untyped-events',
]);

/** A fault and how often it still takes effect, as plain JSON, which cannot represent Infinity. */
export interface FaultEntry {
  readonly fault: Fault;
  skip: number;
  /** How often the fault still takes effect; null means always. */
  left: number | null;
  /**
   * When the fault ends, regardless of `left`; undefined for a fault without `forMs`, and until the fault first takes
   * effect.
   */
  until?: number;
}

function entryOf(fault: Fault): FaultEntry {
  const always = fault.forMs !== undefined || lasting.has(fault.fault);
  const times = fault.times ?? (always ? Number.POSITIVE_INFINITY : 1);
  return { fault, skip: fault.skip ?? 0, left: Number.isFinite(times) ? times : null };
}

function isNamed<Name extends FaultName>(fault: Fault, name: Name): fault is FaultNamed<Name> {
  return fault.fault === name;
}

/** Whether a fault for one kind of request affects this occasion. */
export function affects(on: Occasion | undefined, occasion: Occasion): boolean {
  const meant = on ?? 'create';
  if (meant === 'any' || meant === occasion) return true;
  return meant === 'retrieve' && (occasion === 'poll' || occasion === 'stream');
}

/** The faults that are neither used up nor expired. */
export class FaultList {
  #entries: FaultEntry[];
  readonly #now: () => number;

  constructor(faults: readonly Fault[], now: () => number) {
    this.#entries = faults.map(entryOf);
    this.#now = now;
  }

  get active(): readonly Fault[] {
    this.#dropExpired();
    return this.#entries.map((entry) => entry.fault);
  }

  /** Adds a fault; returns a function that removes it. */
  add(fault: Fault): () => void {
    const entry = entryOf(fault);
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /**
   * Returns the first fault with this name that affects this occasion, and counts the occasion; undefined if there is
   * none.
   */
  take<Name extends FaultName>(
    name: Name,
    iteration: number | undefined,
    matches: (fault: FaultNamed<Name>) => boolean = () => true,
  ): FaultNamed<Name> | undefined {
    this.#dropExpired();
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (
        !isNamed(fault, name) ||
        (fault.iteration !== undefined && fault.iteration !== iteration) ||
        !matches(fault)
      )
        continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      if (entry.left !== null) {
        entry.left -= 1;
        if (entry.left <= 0) this.#entries = this.#entries.filter((other) => other !== entry);
      }
      if (fault.forMs !== undefined) entry.until ??= this.#now() + fault.forMs;
      return fault;
    }
    return undefined;
  }

  snapshot(): readonly FaultEntry[] {
    return this.#entries;
  }

  restore(entries: readonly FaultEntry[]): void {
    this.#entries = entries.map((entry) => ({ ...entry }));
  }

  #dropExpired(): void {
    const now = this.#now();
    this.#entries = this.#entries.filter(({ until }) => until === undefined || now < until);
  }
}
