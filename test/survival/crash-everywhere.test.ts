import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crash, type CrashSetup } from './crash.ts';
import { deep, randomFor, sampled, seed } from './seeded.ts';

let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-crash-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stores: { readonly [name: string]: CrashSetup['openStore'] } = {
  memory: (clock) => memoryStore({ clock }),
  sqlite: (clock) => {
    files += 1;
    return sqliteStore({ path: join(folder, `${files}.db`), clock, synchronous: 'normal' });
  },
};

for (const [name, openStore] of Object.entries(stores)) {
  for (const mode of ['poll', 'stream'] as const) {
    for (const continuation of ['chain', 'replay'] as const) {
      const setup: CrashSetup = { mode, continuation, openStore };
      describe(`${name} store, ${mode}, ${continuation}`, () => {
        test(`a run completes after a crash before or after any save, request or tool (seed ${seed})`, async () => {
          const points = await crash(setup, []);
          expect(new Set(points.map((point) => point.replace(/ .*/, '')))).toEqual(
            new Set(['save', 'POST', 'GET', 'tool'].filter((kind) => kind !== 'GET' || mode === 'poll')),
          );
          const deaths = points.flatMap((_point, at) =>
            (['before', 'after'] as const).map((when) => ({ at, when })),
          );
          const failures: string[] = [];
          const random = randomFor(`once ${name} ${mode} ${continuation}`);
          for (const death of sampled(deaths, name === 'memory' ? 100 : 20, random)) {
            try {
              await crash(setup, [death]);
            } catch (error) {
              failures.push(`${death.when} ${points[death.at]} (${death.at}): ${String(error)}`);
            }
          }
          expect(failures).toEqual([]);
        });

        test(`a run completes after several crashes, unless two creates of its first iteration are lost (seed ${seed})`, async () => {
          const failures: string[] = [];
          const random = randomFor(`again ${name} ${mode} ${continuation}`);
          for (let round = 0; round < (deep ? 300 : 5); round += 1) {
            const deaths = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
              at: Math.floor(random() * 25),
              when: random() < 0.5 ? ('before' as const) : ('after' as const),
            }));
            try {
              await crash(setup, deaths);
            } catch (error) {
              failures.push(`${JSON.stringify(deaths)}: ${String(error)}`);
            }
          }
          expect(failures).toEqual([]);
        });
      });
    }
  }
}

test('a crash around a create causes no duplicate response if the server supports idempotency keys', async () => {
  const openStore = stores['memory'] ?? (() => memoryStore());
  for (const mode of ['poll', 'stream'] as const) {
    const setup: CrashSetup = { mode, continuation: 'chain', openStore, idempotencyKeys: true };
    const points = await crash(setup, []);
    const creates = points.flatMap((point, at) => (point === 'POST create' ? [at] : []));
    expect(creates).toHaveLength(3);
    // The process dies before the create has an answer, or before the answer is saved.
    for (const at of creates)
      for (const death of [at, at + 1]) await crash(setup, [{ at: death, when: 'before' }]);
    for (const at of creates) await crash(setup, [{ at, when: 'after' }]);
  }
});
