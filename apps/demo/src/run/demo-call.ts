import type { RunView, ToolCallOf } from '@longhaul/core';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';

/** A call of the demo's agents: a union discriminated by tool name. */
export type DemoCall = ToolCallOf<ShownAgent>;

/** The view of a run of the demo's agents. */
export type DemoView = RunView<DemoCall>;
