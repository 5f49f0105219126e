import type { RunView, ToolCallOf } from '@longhaul/core';
import type { DemoAgent } from '../agent/demo-agent.ts';

/** A call of the demo's agent: a union discriminated by tool name. */
export type DemoCall = ToolCallOf<DemoAgent>;

/** The view of a run of the demo's agent. */
export type DemoView = RunView<DemoCall>;
