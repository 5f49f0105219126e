import { countRun } from './counted-run.ts';
import { number, printTable } from './print-table.ts';

/** (e): what a long run sends and saves. Targets: linear in the legs; a late save writes no more than an early one. */
export async function countGrowth(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const legs of [50, 100, 200]) {
    const run = await countRun(legs);
    const early = run.legs[1];
    // The last leg has no call, so its saves are smaller.
    const late = run.legs.at(-2);
    rows.push({
      legs: number(legs),
      'bytes sent': number(run.sent),
      'bytes saved': number(run.saved),
      'snapshot bytes': number(run.snapshot),
      'saved in leg 2': number(early?.saved ?? Number.NaN),
      'in the last with a call': number(late?.saved ?? Number.NaN),
      'largest head': number(late?.head ?? Number.NaN),
      'saves a leg': number(late?.saves ?? Number.NaN),
    });
  }
  printTable('(e) a long run, chained: bytes of JSON', rows);
}
