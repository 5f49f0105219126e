import type { Part, RunView, ToolCallOf } from '@longhaul/core';
import type { ThreadTurn } from '@longhaul/react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';

/** A call of the demo's agents: a union discriminated by tool name. */
export type DemoCall = ToolCallOf<ShownAgent>;

/** The view of a run of the demo's agents. */
export type DemoView = RunView<DemoCall>;

/** A part of an answer of the demo's agents. */
export type DemoPart = Part<DemoCall>;

/** A turn of a conversation with the demo's agents. */
export type DemoTurn = ThreadTurn<ShownAgent>;
