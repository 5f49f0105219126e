import type { Leg } from '@longhaul/core/testing';
import type { Turn } from './turn.ts';

/** One leg of a scenario, made from what the tools gave before it. */
export type Step = (turn: Turn) => Leg;

/** A scenario of the simulated model: its legs in order. The last one answers. */
export type ModelScript = readonly Step[];
