import { focusManager, onlineManager } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { HandDrivenRunner } from '../test-support/hand-driven-runner.ts';
import { LonghaulProvider } from './longhaul-provider.tsx';

test('going online and returning to the page wake the runner, leaving the page does not', () => {
  const runner = new HandDrivenRunner();
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner} />
    </QueryClientProvider>,
  );
  act(() => onlineManager.setOnline(false));
  expect(runner.wakings).toBe(0);
  act(() => onlineManager.setOnline(true));
  expect(runner.wakings).toBe(1);
  act(() => focusManager.setFocused(false));
  act(() => focusManager.setFocused(true));
  expect(runner.wakings).toBe(2);
  unmount();
  act(() => onlineManager.setOnline(false));
  act(() => onlineManager.setOnline(true));
  expect(runner.wakings).toBe(2);
});

test('a page that was opened offline, unknown to TanStack Query, wakes the runner when it goes online', () => {
  const runner = new HandDrivenRunner();
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner} />
    </QueryClientProvider>,
  );
  expect(onlineManager.isOnline()).toBe(true);
  act(() => void window.dispatchEvent(new Event('online')));
  expect(runner.wakings).toBe(1);
  unmount();
  window.dispatchEvent(new Event('online'));
  expect(runner.wakings).toBe(1);
});
