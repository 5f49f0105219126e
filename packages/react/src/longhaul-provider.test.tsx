import { focusManager, onlineManager } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { HandDrivenRunner } from '../test-support/hand-driven-runner.ts';
import { LonghaulProvider } from './longhaul-provider.tsx';

test('the runner wakes when the page goes online or is focused, not when it goes offline or loses the focus', () => {
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

test('an `online` event wakes the runner even if TanStack Query assumed that the page was online', () => {
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
