import { defineAgent } from '@longhaul/core';
import { model, readPage } from '../iterations.ts';

/** The agent of all runs of these benchmarks. */
export const agent = defineAgent({ name: 'bench', model, tools: [readPage] });
