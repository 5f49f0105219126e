import { agentRef, type AgentRefOf } from '@longhaul/core/remote';
import type { ShopAgent } from '../../server/agent/shop-agent.ts';
import type { DemoAgent } from './demo-agent.ts';

/** The agent whose loop runs on the server. The page has its name and its types, not its code. */
export const shopAgentRef: AgentRefOf<ShopAgent> = agentRef<ShopAgent>('shop');

/** An agent whose runs the page shows. */
export type ShownAgent = DemoAgent | AgentRefOf<ShopAgent>;
