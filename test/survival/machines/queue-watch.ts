import type { Pool } from 'pg';
import { isLost, readQueue, type QueueRow } from './queue-rows.ts';

/** Reads the queue, and checks Q2 each time. */
export class QueueWatch {
  readonly #pool: Pool;
  readonly #schema: string;
  #isQueueLost = false;
  #isLosing = false;
  #losses = 0;
  rows: readonly QueueRow[] = [];
  readonly violations: string[] = [];
  changedAt = performance.now();
  #last = '';

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
  }

  losingQueue(isLosing: boolean): void {
    this.#isQueueLost = true;
    this.#isLosing = isLosing;
    this.#losses += 1;
  }

  /** @returns whether the database has answered */
  async look(): Promise<boolean> {
    let rows: readonly QueueRow[];
    const losses = this.#losses;
    try {
      rows = await readQueue(this.#pool, this.#schema);
    } catch {
      return false;
    }
    this.rows = rows;
    const text = JSON.stringify(rows);
    if (text !== this.#last) this.changedAt = performance.now();
    this.#last = text;
    const lost = rows.filter(isLost);
    // A sweeper repairs what the lost queue has broken.
    if (lost.length === 0 && !this.#isLosing && losses === this.#losses) this.#isQueueLost = false;
    if (!this.#isQueueLost) this.violations.push(...lost.map((row) => `Q2: ${JSON.stringify(row)}`));
    for (const row of rows)
      if (row.halted !== null && row.halted !== 'unknown_create')
        throw new Error(`No fault of the plan halts ${JSON.stringify(row)}.`);
    return true;
  }

  get hasLostRuns(): boolean {
    return this.#isQueueLost;
  }
}
