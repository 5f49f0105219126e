import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { trials } from './fault-table.ts';
import type { Cell } from './trial.ts';
import { endingOf, tryFault } from './fault-trial.ts';
import { deep, randomFor, sampled, seed } from './seeded.ts';

const iterations = [0, 1, 2] as const;
const modes = ['poll', 'stream'] as const;
const continuations = ['auto', 'chain', 'replay'] as const;
const clients = ['fetch', 'openai'] as const;
const cells: readonly Cell[] = iterations.flatMap((iteration) =>
  modes.flatMap((mode) =>
    continuations.flatMap((continuation) =>
      clients.map((client): Cell => ({ iteration, mode, continuation, client })),
    ),
  ),
);

const nameOf = ({ iteration, mode, continuation, client }: Cell): string =>
  `iteration ${iteration}, ${mode}, ${continuation}, ${client}`;

interface Row {
  readonly name: string;
  readonly variant: string;
  readonly seen: Map<string, number>;
  failures: number;
}
const rows: Row[] = [];

describe(`a run with a fault in any iteration ends as without it, or with the expected error (${deep ? 'all cells' : `a sample, LONGHAUL_SEED=${seed}`})`, () => {
  for (const [name, variants] of Object.entries(trials)) {
    test.concurrent(name, async () => {
      const failures: string[] = [];
      for (const [variant, trial] of Object.entries(variants)) {
        const row: Row = { name, variant, seen: new Map(), failures: 0 };
        rows.push(row);
        for (const cell of sampled(cells, 2, randomFor(`${name} ${variant}`))) {
          try {
            const seen = await tryFault(trial, cell);
            row.seen.set(seen, (row.seen.get(seen) ?? 0) + 1);
          } catch (error) {
            row.failures += 1;
            const expected = JSON.stringify(endingOf(trial, cell));
            failures.push(`${variant} (${nameOf(cell)}), expected ${expected}: ${String(error)}`);
          }
        }
      }
      expect(failures).toEqual([]);
    });
  }
});

afterAll(async () => {
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  await mkdir(folder, { recursive: true });
  const lines = rows.map(({ name, variant, seen, failures }) => {
    const endings = [...seen].map(([ending, count]) => `${ending} ×${count}`).join(', ');
    return `| ${name} | ${variant} | ${endings} | ${failures === 0 ? '' : `**${failures}**`} |`;
  });
  const head = '| fault | variant | ends | unexpected ends |\n| --- | --- | --- | --- |';
  const sort = lines.toSorted().join('\n');
  await writeFile(
    `${folder}fault-matrix.md`,
    `# Fault matrix\n\nSeed ${seed}${deep ? ', all cells' : ''}.\n\n${head}\n${sort}\n`,
  );
});
