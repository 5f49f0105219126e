import { systemClock } from '../clock/system-clock.ts';
import type { Emulation } from './emulation.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { checkOptions } from './check-options.ts';
import { checkFault } from './faults/check-fault.ts';
import { FaultList } from './faults/fault-list.ts';
import type { Fault } from './faults/fault.ts';
import type { LoggedRequest } from './http/request-log.ts';
import { serveRequest } from './http/serve-request.ts';
import { restoreSnapshot, takeSnapshot, type EmulatorSnapshot } from './snapshot.ts';
import { connectionLost } from './stream/sse-frames.ts';
import { Compactions } from './world/compactions.ts';
import { Conversations } from './world/conversations.ts';
import { holdQueue, releaseQueue } from './world/hold-queue.ts';
import { seededRandom } from './world/random.ts';
import { serverClock } from './world/server-clock.ts';
import { World } from './world/world.ts';

/** An emulated Responses API. */
export interface Emulator {
  /** Answers like the API, without network. It does not use `this`, so it can be passed directly. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The latest `keepRequests` requests, oldest first. A request whose connection a fault refused is not included. */
  readonly requests: readonly LoggedRequest[];
  /**
   * The number of responses that started and did not fail. If it exceeds the number of iterations, work was paid for
   * twice.
   */
  readonly generations: number;
  /** The faults that are neither used up nor expired. */
  readonly faults: readonly Fault[];
  /**
   * Adds a fault; returns a function that removes it.
   *
   * @throws ConfigurationError for an unknown fault, or an unknown or invalid field of it
   */
  inject(fault: Fault): () => void;
  clearFaults(): void;
  /** Breaks every open stream. */
  dropConnections(): void;
  /** Breaks every open stream and ends the stream window of all existing responses. They can then only be polled. */
  expireStreams(): void;
  /** Keeps queued responses queued until `releaseQueue`. */
  holdQueue(): void;
  releaseQueue(): void;
  readonly queueHeld: boolean;
  /** Returns the emulator's state as plain JSON. */
  snapshot(): EmulatorSnapshot;
  /**
   * Restores a snapshot, in this or another process. Responses progress by the time that has passed since the snapshot.
   *
   * @throws SnapshotError if the snapshot has another `version`.
   */
  restore(snapshot: EmulatorSnapshot): void;
}

/**
 * Creates a Responses API in memory. Tests, benchmarks and offline demos run against it without network or cost.
 *
 * @throws ConfigurationError for an unknown or invalid option, fault, or field of a fault
 * @example
 * const emulator = createEmulator({
 *   script: [{ calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }, { text: 'Sunny.' }],
 * });
 * const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  checkOptions(options);
  const clock = serverClock(options.clock ?? systemClock);
  const world = new World({ clock, ephemeralMs: options.retentionMs ?? 600_000, storedMs: 30 * 86_400_000 });
  const emulation: Emulation = {
    options,
    clock,
    world,
    conversations: new Conversations(world, () => clock.now()),
    compactions: new Compactions(),
    random: seededRandom(options.seed ?? 1),
    noise: seededRandom((options.seed ?? 1) + 1),
    faults: new FaultList(options.faults ?? [], () => clock.now()),
    connections: new Map(),
    switches: { queueHeld: false, streamsExpiredUntil: null },
    worldEnd: new AbortController(),
  };
  const requests: LoggedRequest[] = [];

  function dropConnections(): void {
    for (const connection of emulation.connections.keys()) connection.abort(connectionLost());
  }

  return {
    fetch: (input, init) => serveRequest(emulation, requests, input, init),
    requests,
    get generations() {
      return emulation.world.generations;
    },
    get faults() {
      return emulation.faults.active;
    },
    inject: (fault) => {
      checkFault(fault, 'emulator.inject', 'fault');
      return emulation.faults.add(fault);
    },
    clearFaults: () => emulation.faults.clear(),
    dropConnections,
    expireStreams: () => {
      emulation.switches.streamsExpiredUntil = clock.now();
      dropConnections();
    },
    holdQueue: () => holdQueue(emulation),
    releaseQueue: () => releaseQueue(emulation),
    get queueHeld() {
      return emulation.switches.queueHeld;
    },
    snapshot: () => takeSnapshot(emulation, requests),
    restore: (snapshot) => {
      dropConnections();
      restoreSnapshot(emulation, requests, snapshot);
    },
  };
}
