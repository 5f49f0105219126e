import type { AgentRef, Runner } from '@longhaul/core';
import { agentRef, type AgentRefOf } from '@longhaul/core/remote';
import { serveSite } from './served-site.ts';
import { DrivingSite, type Site, type SiteOptions } from './site.ts';

/** Where the runs of a page are driven. */
export interface Place {
  readonly name: string;
  /** The agent, as components of the place pass it to hooks. */
  refer<A extends AgentRef>(agent: A): AgentRefOf<A>;
  open(options: SiteOptions): Promise<Site>;
}

/** Each page drives its runs. The pages share a store, as the tabs of a browser do. */
class PagesSite extends DrivingSite implements Site {
  openPage(): Runner {
    return this.newRunner();
  }
}

function itself<A extends AgentRef>(agent: A): AgentRefOf<A>;
function itself(agent: AgentRef): AgentRef {
  return agent;
}

const inThePage: Place = {
  name: 'in the page',
  refer: itself,
  open: async (options) => new PagesSite(options),
};

export const onAServer: Place = {
  name: 'on a server',
  refer: (agent) => agentRef<typeof agent>(agent.name),
  open: serveSite,
};

/** The tests of hooks with real runners run in each of these places. */
export const places: readonly Place[] = [inThePage, onAServer];
