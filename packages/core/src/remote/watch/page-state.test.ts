import { expect, test, vi } from 'vitest';
import { thisPage } from './page-state.ts';

test('reports the visibility of the document and the return of the network, until the watch ends', () => {
  const events = new EventTarget();
  const shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', shown);
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  const calls: string[] = [];
  const end = thisPage.watch(
    () => calls.push(`visible: ${thisPage.isVisible}`),
    () => calls.push('online'),
  );
  shown.visibilityState = 'hidden';
  shown.dispatchEvent(new Event('visibilitychange'));
  events.dispatchEvent(new Event('online'));
  end();
  shown.dispatchEvent(new Event('visibilitychange'));
  events.dispatchEvent(new Event('online'));
  expect(calls).toEqual(['visible: false', 'online']);
});

test('a process without a page is visible, and nothing changes', () => {
  expect(thisPage.isVisible).toBe(true);
  thisPage.watch(
    () => undefined,
    () => undefined,
  )();
});
