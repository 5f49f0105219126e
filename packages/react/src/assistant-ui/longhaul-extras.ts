'use client';

import { useAuiState } from '@assistant-ui/react';
import { ConfigurationError } from '@longhaul/core';
import type { AgentThreadResult } from '../thread/use-agent-thread.ts';

/** The state that the runtime provides to components in addition to assistant-ui's own state. */
export class LonghaulExtras {
  readonly thread: AgentThreadResult;

  constructor(thread: AgentThreadResult) {
    this.thread = thread;
  }
}

/**
 * Returns the thread of the `useLonghaulRuntime` around this component. It has the data that assistant-ui has no place
 * for: the error of the thread, its turns and views, the queue, and all actions.
 *
 * @example
 * const { error } = useLonghaulThread();
 * return error === undefined ? null : <p role="alert">{error.message}</p>;
 */
export function useLonghaulThread(): AgentThreadResult {
  const extras = useAuiState(({ thread }) => thread.extras);
  if (extras instanceof LonghaulExtras) return extras.thread;
  throw new ConfigurationError(
    'useLonghaulThread: there is no runtime of `useLonghaulRuntime` around this component.',
  );
}
