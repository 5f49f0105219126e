import { loadWeather } from '../../data/load-weather.ts';
import type { WorkerReply } from '../ask-worker.ts';
import {
  drawStretch,
  learnRain,
  type SimulationProgress,
  type SimulationQuestion,
  type SimulationResult,
} from './simulation.ts';

const batches = 40;
const batchSize = 25_000;
/** A batch takes milliseconds; the pause between them makes the work last long enough to be watched and interrupted. */
const pauseMs = 120;

async function simulate(question: SimulationQuestion): Promise<SimulationResult> {
  const chain = learnRain(await loadWeather(), question);
  let hits = 0;
  let samples = 0;
  for (let batch = 1; batch <= batches; batch += 1) {
    for (let draw = 0; draw < batchSize; draw += 1) {
      if (drawStretch(chain, question, Math.random)) hits += 1;
    }
    samples += batchSize;
    reply({ type: 'progress', progress: { fraction: batch / batches, samples, estimate: hits / samples } });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const probability = hits / samples;
  const margin = 1.96 * Math.sqrt((probability * (1 - probability)) / samples);
  return { probability, margin, samples, pool: chain.pool };
}

function reply(message: WorkerReply<SimulationResult, SimulationProgress>): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data: question }: MessageEvent<SimulationQuestion>) => {
  simulate(question).then(
    (result) => reply({ type: 'done', result }),
    (error: unknown) =>
      reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
