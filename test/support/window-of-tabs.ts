import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumFlags, findChromium } from './chromium.ts';

/** One tab of a window. */
export interface Tab {
  /** Evaluates a JavaScript expression in the tab's page. */
  evaluate(expression: string): Promise<unknown>;
  /** Brings the tab to the front, which hides the previous tab. */
  show(): Promise<void>;
  /** Freezes the page, as browsers do after minutes in the background, or unfreezes it. */
  setFrozen(frozen: boolean): Promise<void>;
}

export interface WindowOfTabs extends AsyncDisposable {
  open(url: string): Promise<Tab>;
}

interface Reply {
  readonly id: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/**
 * A Chromium that hides and throttles all tabs except the one in front. Playwright cannot test this, because it makes
 * every page visible.
 */
export async function openWindow(): Promise<WindowOfTabs> {
  const profile = await mkdtemp(join(tmpdir(), 'longhaul-tabs-'));
  const browser = spawn(findChromium() ?? 'chromium', [
    ...chromiumFlags,
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ]);
  let address = '';
  for await (const line of createInterface(browser.stderr)) {
    address = /DevTools listening on ws:\/\/([^/]+)/.exec(line)?.[1] ?? '';
    if (address !== '') break;
  }
  const ask = (path: string): Promise<Response> => fetch(`http://${address}/json/${path}`, { method: 'PUT' });
  return {
    open: async (url) => {
      const target: { id: string; webSocketDebuggerUrl: string } = JSON.parse(
        await (await ask(`new?${url}`)).text(),
      );
      const send = await speakTo(target.webSocketDebuggerUrl);
      return {
        evaluate: async (expression) =>
          (await send('Runtime.evaluate', { expression, returnByValue: true })).result?.result?.value,
        show: async () => void (await ask(`activate/${target.id}`)),
        setFrozen: async (frozen) =>
          void (await send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' })),
      };
    },
    [Symbol.asyncDispose]: async () => {
      browser.kill();
      await once(browser, 'exit');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Opens a session of the Chrome DevTools Protocol. */
async function speakTo(url: string): Promise<(method: string, params: object) => Promise<Reply>> {
  const socket = new WebSocket(url);
  const asked = new Map<number, (reply: Reply) => void>();
  socket.addEventListener('message', ({ data }) => {
    const reply: Reply = JSON.parse(String(data));
    asked.get(reply.id)?.(reply);
  });
  await once(socket, 'open');
  let last = 0;
  return (method, params) =>
    new Promise((resolve) => {
      last += 1;
      asked.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}
