import { isJsonObject } from '../wire/json.ts';
import type { RunNotice } from './run-store.ts';

/**
 * Checks a notice from another tab or process. It may have an older or a newer version of Longhaul, so unknown notices
 * are ignored (I10).
 */
export function isNotice(data: unknown): data is RunNotice {
  if (!isJsonObject(data) || typeof data['runId'] !== 'string') return false;
  switch (data['type']) {
    case 'saved':
    case 'posted':
    case 'released':
    case 'woken':
      return true;
    case 'live':
      return 'message' in data;
    default:
      return false;
  }
}
