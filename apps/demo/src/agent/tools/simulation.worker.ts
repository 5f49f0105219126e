import { loadWeather } from '../../data/load-weather.ts';
import { answerAsWorker } from '../answer-as-worker.ts';
import { retryOnFailure } from '../../retry-on-failure.ts';
import {
  drawStretch,
  learnRain,
  type SimulationProgress,
  type SimulationQuestion,
  type SimulationResult,
} from './simulation.ts';

const batches = 40;
const batchSize = 25_000;
/** A batch takes milliseconds. The pause after each batch makes the work slow enough to watch and interrupt. */
const pauseMs = 120;

async function simulate(
  question: SimulationQuestion,
  progress: (progress: SimulationProgress) => void,
): Promise<SimulationResult> {
  const chain = learnRain(await retryOnFailure(loadWeather), question);
  let hits = 0;
  let samples = 0;
  for (let batch = 1; batch <= batches; batch += 1) {
    for (let draw = 0; draw < batchSize; draw += 1) {
      if (drawStretch(chain, question, Math.random)) hits += 1;
    }
    samples += batchSize;
    progress({ fraction: batch / batches, samples, estimate: hits / samples });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const probability = hits / samples;
  const margin = 1.96 * Math.sqrt((probability * (1 - probability)) / samples);
  return { probability, margin, samples, pool: chain.pool };
}

answerAsWorker(simulate);
