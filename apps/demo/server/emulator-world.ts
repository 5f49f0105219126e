import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type EmulatorSnapshot,
} from '@longhaul/core/testing';
import { serveEmulator, type EmulatorServer } from '@longhaul/core/testing/node';
import { simulatedModel } from './model/simulated-model.ts';

/** The number of responses that are saved, so that the file stays small. The newest are kept. */
const keptResponses = 500;

/** The demo's emulator. Its state is saved to a file, so a killed server continues after a restart. */
export interface EmulatorWorld {
  readonly emulator: Emulator;
  /** Like the emulator's `fetch`. Saves the state after each request that is not a GET, before it responds. */
  readonly fetch: Emulator['fetch'];
  save(): void;
  /** Serves it on loopback, for the worker processes. */
  serve(port: number): Promise<EmulatorServer>;
}

export interface EmulatorWorldOptions {
  /** The file of its state. */
  readonly file: string;
  /** Factor for the times of the simulated model. */
  readonly pace: number;
  /** The receiver of webhooks. */
  readonly webhooks?: EmulatorOptions['webhooks'];
}

export function openEmulatorWorld({ file, pace, webhooks }: EmulatorWorldOptions): EmulatorWorld {
  const emulator = createEmulator({
    script: (request) => simulatedModel(request, pace),
    seed: Date.now(),
    ...(webhooks === undefined ? {} : { webhooks }),
  });
  restore(emulator, file);
  const save = (): void => {
    const { responses, ...rest } = emulator.snapshot();
    const kept: EmulatorSnapshot = { ...rest, requests: [], responses: responses.slice(-keptResponses) };
    mkdirSync(dirname(file), { recursive: true });
    // Write to a temporary file and rename it, so that a process that is killed leaves the old file intact.
    writeFileSync(`${file}.new`, JSON.stringify(kept));
    renameSync(`${file}.new`, file);
  };
  const savingFetch: Emulator['fetch'] = async (input, init) => {
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    try {
      return await emulator.fetch(input, init);
    } finally {
      if (method !== 'GET') save();
    }
  };
  return {
    emulator,
    save,
    fetch: savingFetch,
    serve: (port) => {
      const saving: Emulator = Object.create(emulator, { fetch: { value: savingFetch } });
      return serveEmulator(saving, { port });
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
