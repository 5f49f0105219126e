import type { Emulator } from '@longhaul/core/testing';
import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import * as v from 'valibot';
import { troubleNames, type TroubleName } from '../src/trouble/troubles.ts';

const order = v.object({ name: v.picklist(troubleNames), on: v.boolean() });

interface Switchboard {
  set(name: TroubleName, on: boolean): void;
  /** The lasting troubles that are on. */
  readonly on: readonly TroubleName[];
}

function switchboard(emulator: Emulator, kill: () => void): Switchboard {
  const isAzure = (): boolean => emulator.faults.some(({ fault }) => fault === 'azure-loses-calls');
  const endAzure = (): void => {
    const others = emulator.faults.filter(({ fault }) => fault !== 'azure-loses-calls');
    emulator.clearFaults();
    for (const fault of others) emulator.inject(fault);
  };
  const strike: Readonly<Record<TroubleName, (on: boolean) => void>> = {
    cut: () => emulator.dropConnections(),
    expire: () => emulator.expireStreams(),
    'fail-poll': () => emulator.inject({ fault: 'http', on: 'poll', status: 503, times: 2 }),
    'rate-limit': () => emulator.inject({ fault: 'http', on: 'create', status: 429, retryAfter: 4 }),
    'fail-response': () => emulator.inject({ fault: 'fail', code: 'server_error' }),
    'lose-create': () => emulator.inject({ fault: 'reset', on: 'create' }),
    'hold-queue': (on) => (on ? emulator.holdQueue() : emulator.releaseQueue()),
    azure: (on) => {
      if (!on) endAzure();
      else if (!isAzure()) emulator.inject({ fault: 'azure-loses-calls' });
    },
    kill,
  };
  return {
    set: (name, on) => strike[name](on),
    get on() {
      return [
        ...(emulator.snapshot().queueHeld ? (['hold-queue'] as const) : []),
        ...(isAzure() ? (['azure'] as const) : []),
      ];
    },
  };
}

/** What the page's trouble panel asks for. Only ever mounted beside the emulator: with a key there is none of this. */
export function troubleRoutes(emulator: Emulator, kill: (() => void) | undefined): Hono {
  const board = switchboard(emulator, kill ?? (() => undefined));
  const state = (): { readonly on: readonly TroubleName[]; readonly generations: number } => ({
    on: board.on,
    generations: emulator.generations,
  });
  return new Hono()
    .use(csrf())
    .get('/trouble', (context) => context.json(state(), 200, { 'cache-control': 'no-store' }))
    .post('/trouble', async (context) => {
      const asked = v.safeParse(order, await context.req.json().catch(() => undefined));
      if (!asked.success) return context.json({ error: v.summarize(asked.issues) }, 400);
      board.set(asked.output.name, asked.output.on);
      return context.json(state());
    });
}
