import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEmulator, type Emulator, type EmulatorSnapshot } from '@longhaul/core/testing';
import { simulatedModel } from './model/simulated-model.ts';

/** The number of responses that are saved, so that the file stays small. The newest are kept. */
const keptResponses = 500;

/** The demo's emulator. Its state is saved to a file, so a killed server continues after a restart. */
export interface EmulatorWorld {
  readonly emulator: Emulator;
  /** Like the emulator's `fetch`. Saves the state after each request that is not a GET, before it responds. */
  readonly fetch: Emulator['fetch'];
  save(): void;
}

/** @param pace Factor for the times of the simulated model */
export function openEmulatorWorld(file: string, pace: number): EmulatorWorld {
  const emulator = createEmulator({ script: (request) => simulatedModel(request, pace), seed: Date.now() });
  restore(emulator, file);
  const save = (): void => {
    const { responses, ...rest } = emulator.snapshot();
    const kept: EmulatorSnapshot = { ...rest, requests: [], responses: responses.slice(-keptResponses) };
    mkdirSync(dirname(file), { recursive: true });
    // Write to a temporary file and rename it, so that a process that is killed leaves the old file intact.
    writeFileSync(`${file}.new`, JSON.stringify(kept));
    renameSync(`${file}.new`, file);
  };
  return {
    emulator,
    save,
    fetch: async (input, init) => {
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      try {
        return await emulator.fetch(input, init);
      } finally {
        if (method !== 'GET') save();
      }
    },
  };
}

function restore(emulator: Emulator, file: string): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return;
  }
  try {
    emulator.restore(JSON.parse(text));
  } catch (error) {
    console.warn(
      `The emulator starts with an empty state, because its saved state could not be read from ${file}:`,
      error,
    );
  }
}
