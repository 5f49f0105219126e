import type { Iteration } from '@longhaul/core/testing';
import type { Turn } from './turn.ts';

/** One iteration of a scenario, made from what the tools gave before it. */
export type Step = (turn: Turn) => Iteration;

/** A scenario of the simulated model: its iterations in order. The last one answers. */
export type ModelScript = readonly Step[];
