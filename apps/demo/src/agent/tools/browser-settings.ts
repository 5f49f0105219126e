import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

export interface BrowserSettings {
  /** A BCP 47 language tag. */
  readonly locale: string;
  /** An IANA time zone. */
  readonly timeZone: string;
  /** The local date and time as text. */
  readonly localTime: string;
}

export const browserSettingsDefinition = {
  name: 'browser_settings',
  description: "Returns the language, the time zone and the local time of the person's browser.",
  parameters: toStandardJsonSchema(v.object({})),
  idempotent: true,
} as const;

/** Reads settings that only the visitor's browser has. */
export const browserSettings = tool({
  ...browserSettingsDefinition,
  execute: (): BrowserSettings => {
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    return { locale, timeZone, localTime: new Date().toLocaleString(locale, { timeZoneName: 'short' }) };
  },
});
