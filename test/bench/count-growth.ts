import { countRun } from './counted-run.ts';
import { number, printTable } from './print-table.ts';

/** (e): the bytes that a long run sends and saves. Targets: linear growth, and late saves as small as early ones. */
export async function countGrowth(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const iterations of [50, 100, 200]) {
    const run = await countRun(iterations);
    const early = run.iterations[1];
    // The last iteration has no call, so its saves are smaller.
    const late = run.iterations.at(-2);
    rows.push({
      iterations: number(iterations),
      'bytes sent': number(run.sent),
      'bytes saved': number(run.saved),
      'snapshot bytes': number(run.snapshot),
      'saved in iteration 2': number(early?.saved ?? Number.NaN),
      'in the last with a call': number(late?.saved ?? Number.NaN),
      'largest head': number(late?.head ?? Number.NaN),
      'saves an iteration': number(late?.saves ?? Number.NaN),
    });
  }
  printTable('(e) a long run, chained: bytes of JSON', rows);
}
