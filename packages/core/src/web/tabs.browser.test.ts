import { afterEach, expect, test } from 'vitest';
import type { RunNotice } from '../store/run-store.ts';
import { sampleChange } from '../testing/conformance/sample-run.ts';

/**
 * Workers and frames of the same site simulate tabs. Each has its own store with the same database. To terminate a
 * worker, or to remove a frame, has the effect of a tab that crashes or is closed.
 */
type TabKind = 'worker' | 'frame';

interface Tab {
  /** Calls a method of the tab's store. */
  call(method: string, ...args: unknown[]): Promise<unknown>;
  /** The notices that the tab's watcher received. */
  readonly notices: readonly RunNotice[];
  /** Resolves when the tab has received `count` notices of this type. @default 1 */
  heard(type: RunNotice['type'], count?: number): Promise<void>;
  kill(): void;
}

const storeUrl = new URL('./indexed-db-store.ts', import.meta.url).href;

const script = `
  import { indexedDbStore } from ${JSON.stringify(storeUrl)};
  addEventListener('message', ({ data: name, ports: [port] }) => {
    if (!port) return;
    const store = indexedDbStore({ name });
    store.watch((notice) => port.postMessage({ notice }));
    port.onmessage = async ({ data: { id, method, args } }) => {
      try {
        port.postMessage({ id, result: await store[method](...args) });
      } catch (error) {
        port.postMessage({ id, error: error.code ?? String(error) });
      }
    };
  });
  if (globalThis.parent) parent.postMessage('ready', '*');
  else postMessage('ready');
`;

type FromTab =
  | { readonly notice: RunNotice }
  | { readonly id: number; readonly result?: unknown; readonly error?: string };

const tabs = new Set<Tab>();
afterEach(() => {
  for (const tab of tabs) tab.kill();
  tabs.clear();
});

function ready(target: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener('message', (event) => {
      if (event instanceof MessageEvent && event.data === 'ready') resolve();
    });
  });
}

/** Starts the script. Resolves to functions that pass the script a port and end the script. */
async function startScript(
  kind: TabKind,
): Promise<{ give(name: string, port: MessagePort): void; kill(): void }> {
  if (kind === 'worker') {
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(url, { type: 'module' });
    await ready(worker);
    URL.revokeObjectURL(url);
    return { give: (name, port) => worker.postMessage(name, [port]), kill: () => worker.terminate() };
  }
  const frame = document.createElement('iframe');
  frame.srcdoc = `<script type="module">${script}</script>`;
  const started = ready(window);
  document.body.append(frame);
  await started;
  return {
    give: (name, port) => frame.contentWindow?.postMessage(name, '*', [port]),
    kill: () => frame.remove(),
  };
}

async function openTab(kind: TabKind, name: string): Promise<Tab> {
  const { give, kill } = await startScript(kind);
  const { port1: port, port2 } = new MessageChannel();
  give(name, port2);
  const notices: RunNotice[] = [];
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  let listener = (): void => undefined;
  port.onmessage = ({ data }: MessageEvent<FromTab>) => {
    if ('notice' in data) {
      notices.push(data.notice);
      listener();
      return;
    }
    const call = calls.get(data.id);
    if (data.error === undefined) call?.resolve(data.result);
    else call?.reject(new Error(data.error));
  };
  const tab: Tab = {
    notices,
    call: (method, ...args) => {
      const call = Promise.withResolvers<unknown>();
      const id = calls.size;
      calls.set(id, call);
      port.postMessage({ id, method, args });
      return call.promise;
    },
    heard: (type, count = 1) =>
      new Promise((resolve) => {
        listener = () => {
          if (notices.filter((notice) => notice.type === type).length >= count) resolve();
        };
        listener();
      }),
    kill,
  };
  tabs.add(tab);
  // Once the tab answers, its watcher is active.
  await tab.call('list');
  return tab;
}

const newName = (): string => `tabs-${crypto.randomUUID()}`;

test.each<TabKind>(['worker', 'frame'])(
  'a claim ends when its %s ends, and exactly one of the refused tabs can then claim the run',
  async (kind) => {
    const name = newName();
    const driver = await openTab(kind, name);
    const followers = await Promise.all([
      openTab('worker', name),
      openTab('frame', name),
      openTab('worker', name),
    ]);
    expect(await driver.call('claim', 'run-1', 'driver', 60_000)).toBe(true);
    const claims = (): Promise<unknown[]> =>
      Promise.all(followers.map((tab, n) => tab.call('claim', 'run-1', `follower-${n}`, 60_000)));
    expect(await claims()).toEqual([false, false, false]);
    driver.kill();
    await Promise.all(followers.map((tab) => tab.heard('released')));
    expect((await claims()).filter(Boolean)).toHaveLength(1);
    expect((await claims()).filter(Boolean)).toHaveLength(1);
  },
);

test('all tabs are notified of a released claim, even if they did not request it', async () => {
  const name = newName();
  const [driver, refused, quiet] = await Promise.all([
    openTab('worker', name),
    openTab('worker', name),
    openTab('frame', name),
  ]);
  await driver.call('claim', 'run-1', 'driver', 60_000);
  expect(await refused.call('claim', 'run-1', 'refused', 60_000)).toBe(false);
  await driver.call('release', 'run-1', 'driver');
  await Promise.all([refused.heard('released'), quiet.heard('released')]);
  expect(await quiet.call('claim', 'run-1', 'quiet', 60_000)).toBe(true);
  expect(await refused.call('claim', 'run-1', 'refused', 60_000)).toBe(false);
});

test('an owner can repeat its claim, and the claim does not expire after its time to live', async () => {
  const name = newName();
  const [driver, other] = await Promise.all([openTab('worker', name), openTab('worker', name)]);
  const renewals = Array.from({ length: 5 }, () => driver.call('claim', 'run-1', 'driver', 1));
  expect(await Promise.all(renewals)).toEqual([true, true, true, true, true]);
  expect(await other.call('claim', 'run-1', 'other', 1)).toBe(false);
  expect(await driver.call('claim', 'run-1', 'driver', 1)).toBe(true);
});

test('every tab receives the messages that one tab publishes, each once and in order', async () => {
  const name = newName();
  const [driver, frame, worker] = await Promise.all([
    openTab('worker', name),
    openTab('frame', name),
    openTab('worker', name),
  ]);
  const count = 200;
  for (let n = 0; n < count; n += 1) await driver.call('publish', 'run-1', { delta: n });
  for (const tab of [driver, frame, worker]) {
    await tab.heard('live', count);
    expect(tab.notices).toEqual(
      Array.from({ length: count }, (_, n) => ({ type: 'live', runId: 'run-1', message: { delta: n } })),
    );
  }
});

test('a tab that is notified of a save can load the saved run', async () => {
  const name = newName();
  const [driver, follower] = await Promise.all([openTab('worker', name), openTab('frame', name)]);
  const change = sampleChange({ append: [{ n: 1 }] });
  await driver.call('commit', change);
  await follower.heard('saved');
  expect(await follower.call('load', 'run-1')).toEqual({ head: change.head, items: change.append });
});

test('every tab receives the decisions of several tabs, each once', async () => {
  const name = newName();
  const [driver, frame, worker] = await Promise.all([
    openTab('worker', name),
    openTab('frame', name),
    openTab('worker', name),
  ]);
  await Promise.all([
    frame.call('post', 'run-1', { type: 'approve', callId: 'call_1' }),
    worker.call('post', 'run-1', { type: 'deny', callId: 'call_1' }),
  ]);
  await driver.heard('posted', 2);
  const received = await Promise.all([driver, driver, frame].map((tab) => tab.call('receive', 'run-1')));
  for (const messages of received) expect(messages).toHaveLength(2);
});

test('if several tabs save the same revision, exactly one save succeeds', async () => {
  const name = newName();
  const racing = await Promise.all([
    openTab('worker', name),
    openTab('worker', name),
    openTab('frame', name),
  ]);
  for (let revision = 1; revision <= 20; revision += 1) {
    const outcomes = await Promise.allSettled(
      racing.map((tab, n) =>
        tab.call('commit', sampleChange({ revision, commitId: `${revision}/${n}`, append: [{ revision }] })),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [String(outcome.reason)] : [],
    );
    expect(reasons).toEqual(['Error: conflict', 'Error: conflict']);
  }
  const run = await racing[0]?.call('load', 'run-1');
  expect(run).toMatchObject({ items: Array.from({ length: 20 }, (_, n) => ({ revision: n + 1 })) });
});

test('I7: if a tab ends during saves, every acknowledged save is stored, and none in part', async () => {
  const name = newName();
  const reader = await openTab('frame', name);
  let revision = 0;
  for (let round = 0; round < 5; round += 1) {
    const writer = await openTab('worker', name);
    const text = 'x'.repeat([10, 100_000, 2_000_000][round % 3] ?? 0);
    // All saves are requested at the same time: some are saved, one is in progress, the others never begin.
    const saves = Array.from({ length: 20 }, (_, n) => {
      const next = revision + n + 1;
      return writer.call('commit', sampleChange({ revision: next, append: [{ revision: next, text }] }));
    });
    const acknowledged = 2 + round * 3;
    await Promise.all(saves.slice(0, acknowledged));
    writer.kill();
    const run = await reader.call('load', 'run-1');
    expect(run).toMatchObject({ head: { revision: expect.any(Number) } });
    const saved = JSON.parse(JSON.stringify(run)).head.revision;
    expect(saved).toBeGreaterThanOrEqual(revision + acknowledged);
    expect(run).toMatchObject({ items: Array.from({ length: saved }, (_, n) => ({ revision: n + 1 })) });
    revision = saved;
  }
});
