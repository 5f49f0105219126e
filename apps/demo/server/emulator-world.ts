import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEmulator, type Emulator, type EmulatorSnapshot } from '@longhaul/core/testing';
import { simulatedModel } from './model/simulated-model.ts';

/** Enough for any conversation that is still open; the file must not grow for ever. */
const keptResponses = 500;

/** The emulator of the demo, whose world survives the process: a killed server goes on where it was. */
export interface EmulatorWorld {
  readonly emulator: Emulator;
  /** Answers like the emulator, and saves before it answers what changed something. */
  readonly fetch: Emulator['fetch'];
  save(): void;
}

/** @param pace Factor on the times of the simulated model */
export function openEmulatorWorld(file: string, pace: number): EmulatorWorld {
  const emulator = createEmulator({ script: (request) => simulatedModel(request, pace), seed: Date.now() });
  restore(emulator, file);
  const save = (): void => {
    const { responses, ...rest } = emulator.snapshot();
    const kept: EmulatorSnapshot = { ...rest, requests: [], responses: responses.slice(-keptResponses) };
    mkdirSync(dirname(file), { recursive: true });
    // Renamed into place: whoever is killed in the middle of a write leaves the old file whole.
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
    console.warn(`The emulator begins anew, as its world could not be read from ${file}:`, error);
  }
}
