import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { PostgresServer } from '../../support/postgres/server.ts';
import type { MachineHost } from './machine-host.ts';
import type { PlannedFault } from './plan.ts';

export interface FaultTargets {
  readonly hosts: readonly MachineHost[];
  readonly server: PostgresServer;
  /** Connected to the server directly. */
  readonly pool: Pool;
  readonly schema: string;
  readonly tell: (what: string) => void;
  /** Called before the queue is lost, and afterwards: Q2 holds only after the next sweep. */
  readonly losingQueue: (isLosing: boolean) => void;
}

/** A server is stopped and started by one plan at a time. */
const restarting = new WeakMap<PostgresServer, Promise<void>>();

/** Performs a fault, and repairs it. A machine that another fault has in its hands is left alone. */
export async function performFault(fault: PlannedFault, targets: FaultTargets): Promise<void> {
  const { server, pool, schema, tell, losingQueue } = targets;
  if (fault.type === 'restart_postgres') {
    tell('PostgreSQL is stopped as by a crash, and started again');
    return restart(server, fault.downMs);
  }
  if (fault.type === 'lose_queue') {
    losingQueue(true);
    const lost = await pool.query(`DELETE FROM "${schema}_pgboss".job`).catch(() => undefined);
    losingQueue(false);
    tell(`the queue is lost: ${lost?.rowCount ?? 'not reachable,'} jobs`);
    return;
  }
  const host = targets.hosts[fault.machine];
  if (host === undefined || host.isBusy) return;
  host.isBusy = true;
  tell(`${host.name}: ${JSON.stringify(fault)}`);
  await perform(fault, host);
  host.isBusy = false;
  tell(`${host.name}: ${fault.type} is over`);
}

async function perform(
  fault: Exclude<PlannedFault, { readonly type: 'restart_postgres' | 'lose_queue' }>,
  host: MachineHost,
): Promise<void> {
  switch (fault.type) {
    case 'kill':
      return host.kill(fault.downMs);
    case 'stop':
      return host.stopFor(fault.forMs);
    case 'cut_database':
      return host.cut('database', fault.how, fault.forMs);
    case 'cut_api':
      return host.cut('api', fault.how, fault.forMs);
    case 'deploy':
      return host.deploy();
  }
}

async function restart(server: PostgresServer, downMs: number): Promise<void> {
  const turn = (restarting.get(server) ?? Promise.resolve()).then(async () => {
    await server.stop('immediate');
    await sleep(downMs);
    await server.start();
  });
  restarting.set(server, turn);
  return turn;
}
