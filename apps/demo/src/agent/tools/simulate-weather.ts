import { tool } from '@longhaul/core';
import * as z from 'zod';
import { askWorker } from '../ask-worker.ts';
import type { SimulationProgress, SimulationQuestion, SimulationResult } from './simulation.ts';

/** The slow one: a Monte Carlo simulation in a worker, which reports how far it is. */
export const simulateWeather = tool({
  name: 'simulate_weather',
  description:
    'Monte Carlo simulation over the weather data: the chance that at least `minDryDays` of `days` consecutive days in `month` stay dry in `city`. Takes some seconds and reports progress.',
  parameters: z.object({
    city: z.enum(['Seattle', 'New York']),
    month: z.int().min(1).max(12),
    days: z.int().min(1).max(31),
    minDryDays: z.int().min(0).max(31),
  }),
  execute: (question, { signal, progress }) =>
    askWorker<SimulationResult, SimulationProgress>(
      new Worker(new URL('./simulation.worker.ts', import.meta.url), { type: 'module' }),
      question satisfies SimulationQuestion,
      signal,
      (step) => progress({ ...step }),
    ),
  timeoutMs: 60_000,
  idempotent: true,
});
