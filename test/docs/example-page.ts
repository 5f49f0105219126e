import { act } from '@testing-library/react';
import type * as ReactDom from 'react-dom/client';
import { vi } from 'vitest';

const roots = vi.hoisted((): ReactDom.Root[] => []);
vi.mock(import('react-dom/client'), async (original) => {
  const { createRoot, ...others } = await original();
  const recorded: typeof createRoot = (container, options) => {
    const root = createRoot(container, options);
    roots.push(root);
    return root;
  };
  return { ...others, createRoot: recorded };
});

/** Unmounts the page of an example. */
export function closePage(): void {
  act(() => {
    for (const root of roots.splice(0)) root.unmount();
  });
}

/** Opens the page of an example again, as a browser does after a reload: its modules are evaluated again. */
export async function reopenPage(load: () => Promise<unknown>, token = 'token-of-ann'): Promise<void> {
  closePage();
  vi.resetModules();
  localStorage.setItem('token', token);
  await act(load);
}
