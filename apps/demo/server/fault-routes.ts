import type { Emulator, Fault } from '@longhaul/core/testing';
import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import * as v from 'valibot';
import { faultNames, type FaultName } from '../src/faults/demo-faults.ts';

const order = v.object({ name: v.picklist(faultNames), on: v.boolean() });

interface Switchboard {
  set(name: FaultName, on: boolean): void;
  /** The active lasting faults, and the armed faults. */
  readonly on: readonly FaultName[];
}

/** Faults that are injected into the emulator. `azure` lasts until it is turned off, the others until they take effect. */
const faults: Readonly<Partial<Record<FaultName, Fault>>> = {
  'fail-poll': { fault: 'http', on: 'poll', status: 503, times: 2 },
  'rate-limit': { fault: 'http', on: 'create', status: 429, retryAfter: 4 },
  'fail-response': { fault: 'fail', code: 'server_error' },
  'lose-create': { fault: 'reset', on: 'create' },
  azure: { fault: 'azure-loses-calls' },
};

function nameOf(fault: Fault): FaultName | undefined {
  return faultNames.find((name) => {
    const known = faults[name];
    return known?.fault === fault.fault && ('on' in known ? 'on' in fault && known.on === fault.on : true);
  });
}

function switchboard(emulator: Emulator, kill: () => void): Switchboard {
  const disarm = (name: FaultName): void => {
    const others = emulator.faults.filter((fault) => nameOf(fault) !== name);
    emulator.clearFaults();
    for (const fault of others) emulator.inject(fault);
  };
  const actions: Readonly<Partial<Record<FaultName, (on: boolean) => void>>> = {
    cut: () => emulator.dropConnections(),
    expire: () => emulator.expireStreams(),
    'hold-queue': (on) => (on ? emulator.holdQueue() : emulator.releaseQueue()),
    kill,
  };
  return {
    set: (name, on) => {
      actions[name]?.(on);
      const fault = faults[name];
      if (fault === undefined) return;
      disarm(name);
      if (on) emulator.inject(fault);
    },
    get on() {
      const names = new Set(emulator.faults.map(nameOf));
      if (emulator.queueHeld) names.add('hold-queue');
      return faultNames.filter((name) => names.has(name));
    },
  };
}

/** The routes of the page's fault panel. They exist only with the emulator, not with a key. */
export function faultRoutes(emulator: Emulator, kill: (() => void) | undefined): Hono {
  const board = switchboard(emulator, kill ?? (() => undefined));
  const state = (): { readonly on: readonly FaultName[]; readonly generations: number } => ({
    on: board.on,
    generations: emulator.generations,
  });
  return new Hono()
    .use(csrf())
    .get('/faults', (context) => context.json(state(), 200, { 'cache-control': 'no-store' }))
    .post('/faults', async (context) => {
      const asked = v.safeParse(order, await context.req.json().catch(() => undefined));
      if (!asked.success) return context.json({ error: v.summarize(asked.issues) }, 400);
      board.set(asked.output.name, asked.output.on);
      return context.json(state());
    });
}
