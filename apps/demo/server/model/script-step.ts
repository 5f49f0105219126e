import type { Iteration } from '@longhaul/core/testing';
import type { Turn } from './turn.ts';

/** Creates one iteration of a scenario from the previous tool outputs. */
export type Step = (turn: Turn) => Iteration;

/** A scenario of the simulated model: its iterations in order. The last one is the answer. */
export type ModelScript = readonly Step[];
