/** Runs the benchmarks whose names are the arguments, or all, and prints a table for each. */
import process from 'node:process';
import { arch, cpus, totalmem } from 'node:os';
import { compareWithBareLoop, compareWithPeers } from './compare-iterations.ts';
import { compareLatency } from './compare-latency.ts';
import { compareRendering } from './compare-rendering.ts';
import { compareStores } from './compare-stores.ts';
import { compareStreams } from './compare-streams.ts';
import { compareThreads } from './compare-threads.ts';
import { compareWaiting } from './compare-waiting.ts';
import { compareWatchers } from './compare-watchers.ts';
import { countGrowth } from './count-growth.ts';
import { compareCosts } from './queue/compare-costs.ts';
import { compareDelays } from './queue/compare-delays.ts';
import { compareManyRuns } from './queue/compare-many-runs.ts';
import { compareWakes } from './queue/compare-wakes.ts';

const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  iterations: compareWithBareLoop,
  peers: compareWithPeers,
  waiting: compareWaiting,
  stream: compareStreams,
  growth: countGrowth,
  rendering: compareRendering,
  latency: compareLatency,
  watchers: compareWatchers,
  stores: compareStores,
  threads: compareThreads,
  wakes: compareWakes,
  'many-runs': compareManyRuns,
  delays: compareDelays,
  costs: compareCosts,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(
    `Unknown benchmark: ${unknown.join(', ')}. Use one of: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(1);
}
const cores = cpus();
const memory = Math.round(totalmem() / 2 ** 30);
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cores.length} × ${cores[0]?.model.trim()}, ${arch()}, ${memory} GiB`,
);
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (asked.length === 0 || asked.includes(name)) await benchmark();
}
// Exit explicitly, because keep-alive connections would delay the exit for seconds.
process.exit();
