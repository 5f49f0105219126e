import { expect, test } from 'vitest';
import type { WorkerAction } from './messages.ts';
import { workerRoutes } from './worker-routes.ts';

function setUp() {
  const orders: [WorkerAction, number][] = [];
  const asked: string[] = [];
  const all = [
    { number: 1, pid: 11 },
    { number: 2, pid: null },
  ];
  const row = { runId: 'run', isParked: false, isHalted: false, isFetched: true, worker: 1, pid: 11 };
  const routes = workerRoutes(
    { all, order: (action, worker) => void orders.push([action, worker]) },
    {
      read: async (owner) => {
        asked.push(owner);
        return [row];
      },
    },
  );
  const order = async (body: unknown, headers: Record<string, string> = {}): Promise<number> => {
    const response = await routes.request('/', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  return { routes, orders, asked, order };
}

test('the page gets the workers without the ids of their processes, and the runs of its visitor', async () => {
  const { routes, asked } = setUp();
  const first = await routes.request('/');
  expect(await first.json()).toEqual({
    workers: [
      { number: 1, isRunning: true },
      { number: 2, isRunning: false },
    ],
    runs: [{ runId: 'run', state: 'driven', worker: 1 }],
  });
  const [cookie = ''] = first.headers.get('set-cookie')?.split(';') ?? [];
  await routes.request('/', { headers: { cookie } });
  await routes.request('/');
  expect(new Set(asked).size).toBe(2);
  expect(asked[0]).toBe(asked[1]);
});

test('a worker is stopped and started', async () => {
  const { orders, order } = setUp();
  expect(await order({ action: 'stop', worker: 1 })).toBe(202);
  expect(await order({ action: 'start', worker: 2 })).toBe(202);
  expect(orders).toEqual([
    ['stop', 1],
    ['start', 2],
  ]);
});

test('invalid orders, and those of other sites, change nothing', async () => {
  const { orders, order } = setUp();
  expect(await order({ action: 'stop', worker: 3 })).toBe(404);
  expect(await order({ action: 'pause', worker: 1 })).toBe(400);
  expect(await order({ action: 'stop', worker: '1' })).toBe(400);
  expect(await order('stop')).toBe(400);
  const foreign = { origin: 'https://evil.example', 'content-type': 'text/plain' };
  expect(await order({ action: 'stop', worker: 1 }, foreign)).toBe(403);
  expect(orders).toEqual([]);
});
