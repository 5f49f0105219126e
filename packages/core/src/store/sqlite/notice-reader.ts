import process from 'node:process';
import { isNotice } from '../is-notice.ts';
import type { RunNotice } from '../run-store.ts';
import type { ExchangeReport } from './notice-exchange.ts';

/** Returns a function that passes on the notices of other stores, and warns if no more arrive. */
export function noticeReader(
  path: string,
  notify: (notice: RunNotice) => void,
): (report: ExchangeReport) => void {
  return (report) => {
    if ('failure' in report) {
      process.emitWarning(
        `The store of ${path} cannot exchange notices with other processes at present. Changes by other processes are noticed later, and their live text is missing. The store tries again every second. ${report.failure}`,
        'LonghaulWarning',
      );
      return;
    }
    for (const text of report.notices) {
      const notice = parsed(text);
      if (isNotice(notice)) notify(notice);
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Damaged. The other notices must still arrive.
    return undefined;
  }
}
