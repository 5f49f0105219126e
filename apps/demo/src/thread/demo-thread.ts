import type { AgentThreadResult } from '@longhaul/react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';

/** A conversation with one of the demo's agents. */
export type DemoThread = AgentThreadResult<ShownAgent>;
