import { SnapshotError } from '../errors/snapshot-error.ts';
import type { Emulation } from './emulation.ts';
import type { FaultEntry } from './faults/fault-list.ts';
import type { LoggedRequest } from './http/request-log.ts';
import { sendWhenDone } from './webhooks/webhook-sender.ts';
import type { StoredCompaction } from './world/compactions.ts';
import type { StoredConversation } from './world/conversations.ts';
import { endedAt } from './world/status-of.ts';
import type { StoredResponse } from './world/stored-response.ts';
import { wordOf } from '../wire/json.ts';

/**
 * An emulator's state as plain JSON. It does not contain the script, because JSON cannot represent functions. The
 * restoring emulator uses its own script.
 */
export interface EmulatorSnapshot {
  readonly version: 2;
  readonly random: number;
  readonly responses: readonly StoredResponse[];
  readonly retiredGenerations: number;
  /** `conversations` and `compactions` are missing in snapshots of older releases. */
  readonly conversations?: readonly StoredConversation[];
  readonly compactions?: readonly StoredCompaction[];
  readonly faults: readonly FaultEntry[];
  readonly queueHeld: boolean;
  readonly streamsExpiredUntil: number | null;
  readonly requests: readonly LoggedRequest[];
}

export function takeSnapshot(emulation: Emulation, requests: readonly LoggedRequest[]): EmulatorSnapshot {
  const { world, conversations, compactions, random, faults, switches } = emulation;
  // A copy, because the records keep changing.
  return structuredClone({
    version: 2,
    random: random.state,
    ...world.contents(),
    conversations: conversations.contents(),
    compactions: compactions.contents(),
    faults: faults.snapshot(),
    ...switches,
    requests,
  });
}

/** Replaces the emulator's state with the snapshot. */
export function restoreSnapshot(
  emulation: Emulation,
  requests: LoggedRequest[],
  snapshot: EmulatorSnapshot,
): void {
  if (snapshot.version !== 2) {
    throw new SnapshotError(
      'unreadable_snapshot',
      `This emulator reads snapshots of version 2, but the snapshot has version ${wordOf(snapshot.version)}. Take a new one with emulator.snapshot().`,
    );
  }
  const { world, random, faults, switches, clock } = emulation;
  emulation.worldEnd.abort();
  emulation.worldEnd = new AbortController();
  const copy = structuredClone(snapshot);
  random.state = copy.random;
  world.replace(copy);
  emulation.conversations.replace(copy.conversations ?? []);
  emulation.compactions.replace(copy.compactions ?? []);
  faults.restore(copy.faults);
  switches.queueHeld = copy.queueHeld;
  switches.streamsExpiredUntil = copy.streamsExpiredUntil;
  requests.length = 0;
  for (const request of copy.requests) requests.push(request);
  for (const response of world.all()) {
    if (endedAt(response, clock.now()) === undefined)
      void sendWhenDone(emulation, response, emulation.worldEnd.signal);
  }
}
