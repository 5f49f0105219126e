import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { askWorker } from '../ask-worker.ts';
import type { SimulationProgress, SimulationQuestion, SimulationResult } from './simulation.ts';

/** The slow tool: a Monte Carlo simulation in a worker, which reports its progress. */
export const simulateWeather = tool({
  name: 'simulate_weather',
  description:
    'Monte Carlo simulation over the weather data: the chance that at least `minDryDays` of `days` consecutive days in `month` stay dry in `city`. Takes some seconds and reports progress.',
  parameters: toStandardJsonSchema(
    v.object({
      city: v.picklist(['Seattle', 'New York']),
      month: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)),
      days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31)),
      minDryDays: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31)),
    }),
  ),
  execute: (question, { signal, progress }) =>
    askWorker<SimulationResult, SimulationProgress>(
      () => new Worker(new URL('./simulation.worker.ts', import.meta.url), { type: 'module' }),
      question satisfies SimulationQuestion,
      signal,
      (step) => progress({ ...step }),
    ),
  timeoutMs: 60_000,
  idempotent: true,
});
