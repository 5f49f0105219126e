import type { RunView, ToolCallOf } from '@longhaul/core';
import type { DemoAgent } from '../agent/demo-agent.ts';

/** A call of the demo's agent: a union by tool name. */
export type DemoCall = ToolCallOf<DemoAgent>;

/** A run of the demo's agent as the page reads it. */
export type DemoView = RunView<DemoCall>;
