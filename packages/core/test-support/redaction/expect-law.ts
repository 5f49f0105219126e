import { expect } from 'vitest';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import { redactEvent } from '../../src/server/runs/redact/redact-event.ts';
import { redactView } from '../../src/server/runs/redact/redact-view.ts';
import type { Redaction } from '../../src/server/runs/redact/redaction.ts';

/** The data of a run that a page receives: the redacted events, and the redacted view after each of them. */
export interface Shown {
  readonly events: readonly RunEvent[];
  readonly views: readonly RunView[];
}

/** Fails unless a page that applies the redacted events has the redacted view after each event. */
export function expectLaw(events: readonly RunEvent[], redaction: Redaction): Shown {
  const shown: RunEvent[] = [];
  const views: RunView[] = [];
  let view = emptyView;
  let page = redactView(emptyView, redaction);
  for (const event of events) {
    const redacted = redactEvent(event, view, redaction);
    view = applyEvent(view, event);
    page = applyEvent(page, redacted);
    expect({ seq: redacted.seq, at: redacted.at }).toEqual({ seq: event.seq, at: event.at });
    expect(page, `after ${JSON.stringify(event)}`).toStrictEqual(redactView(view, redaction));
    shown.push(redacted);
    views.push(page);
  }
  return { events: shown, views };
}
