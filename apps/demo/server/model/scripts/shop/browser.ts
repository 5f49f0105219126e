import * as v from 'valibot';
import type { Turn } from '../../turn.ts';

const settings = v.object({ locale: v.string(), timeZone: v.string(), localTime: v.string() });

/** Returns the settings of the visitor's browser, if its page has answered. */
export function settingsIn(turn: Turn): v.InferOutput<typeof settings> | undefined {
  const parsed = v.safeParse(settings, turn.outputs('browser_settings').at(-1)?.json);
  return parsed.success ? parsed.output : undefined;
}

/** Writes an amount in the visitor's language. The locale comes from a page, so it may be invalid. */
export function euros(amount: number, turn: Turn): string {
  const look = { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 } as const;
  try {
    return amount.toLocaleString(settingsIn(turn)?.locale ?? 'en', look);
  } catch {
    return amount.toLocaleString('en', look);
  }
}
