import { tool } from '@longhaul/core';
import { type BrowserSettings, browserSettingsDefinition } from '../../src/agent/tools/browser-settings.ts';
import { measurePageDefinition } from '../../src/agent/tools/measure-page.ts';
import type { PageMeasures } from '../../src/agent/tools/page-measures.ts';
import type { PageText } from '../../src/agent/tools/page-text.ts';
import { readPageDefinition } from '../../src/agent/tools/read-page.ts';

// Tools without `execute`: a page of the visitor answers their calls with `remoteRunner({ tools })`. The output of such
// a call is as reliable as the visitor's other input.

export const browserSettings = tool<
  'browser_settings',
  typeof browserSettingsDefinition.parameters,
  BrowserSettings
>(browserSettingsDefinition);

export const readPage = tool<'read_page', typeof readPageDefinition.parameters, PageText>(readPageDefinition);

export const measurePage = tool<'measure_page', typeof measurePageDefinition.parameters, PageMeasures>(
  measurePageDefinition,
);
