import process from 'node:process';
import {
  readMessageToWeb,
  type DemoDatabase,
  type MessageToSupervisor,
  type WorkerAction,
  type WorkerState,
} from './messages.ts';

/** The workers, as the web process sees them. */
export interface Workers {
  /** The workers and their processes, by number. */
  readonly all: readonly WorkerState[];
  /** Kills a worker, or starts it again. */
  order(action: WorkerAction, worker: number): void;
}

/** The connection of the web process to the supervisor of `npm run start:workers`. */
export interface SupervisorLink {
  readonly workers: Workers;
  /** Sends the port to the supervisor. @returns the database for the data of this port */
  listening(port: number): Promise<DemoDatabase>;
  ready(apiPort: number | null): void;
}

export function supervisorLink(): SupervisorLink {
  const database = Promise.withResolvers<DemoDatabase>();
  let all: readonly WorkerState[] = [];
  process.on('message', (received) => {
    const message = readMessageToWeb(received);
    if (message?.type === 'database') database.resolve(message.database);
    if (message?.type === 'workers') all = message.workers;
  });
  const send = (message: MessageToSupervisor): void => void process.send?.(message);
  return {
    workers: {
      get all() {
        return all;
      },
      order: (action, worker) => send({ type: 'order', action, worker }),
    },
    listening: (port) => {
      send({ type: 'listening', port });
      return database.promise;
    },
    ready: (apiPort) => send({ type: 'ready', apiPort }),
  };
}
