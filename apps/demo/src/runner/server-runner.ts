import type { Runner } from '@longhaul/core';
import { remoteRunner } from '@longhaul/core/remote';
import { browserSettings } from '../agent/tools/browser-settings.ts';
import { measurePage } from '../agent/tools/measure-page.ts';
import { readPage } from '../agent/tools/read-page.ts';
import { recorder } from '../trace/page-recorder.ts';
import { pageFetch } from './page-network.ts';

/** The runner of the runs on the server. This page watches them, decides about calls, and executes its own tools. */
export const serverRunner: Runner = remoteRunner({
  baseURL: '/api/longhaul',
  fetch: pageFetch,
  tools: [browserSettings, readPage, measurePage],
});

recorder.follow(serverRunner);

// A hot update of this module would create a second runner, which also executes the page's tools.
import.meta.hot?.dispose(() => void serverRunner.close({ graceMs: 0 }));
