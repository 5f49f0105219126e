import { tool } from '@longhaul/core';
import { remoteRunner } from '@longhaul/core/remote';
import * as z from 'zod';

const getTimeZone = tool({
  name: 'get_time_zone',
  parameters: z.object({}),
  execute: () => ({ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
});
export const runner = remoteRunner({ baseURL: '/api/longhaul', tools: [getTimeZone] });
