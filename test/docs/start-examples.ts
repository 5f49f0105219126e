import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createEmulator, type Emulator, type EmulatorOptions, type Script } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { onTestFinished } from 'vitest';

type Environment = Readonly<Record<string, string>>;

/** Programs of `test/docs/examples` that use one emulator on loopback, in one temporary folder. */
export interface Examples {
  readonly emulator: Emulator;
  readonly run: (example: string, env?: Environment) => ChildProcess;
  /** Starts a server that prints its address. */
  readonly serve: (example: string, env?: Environment) => Promise<ServedExample>;
}

export interface ServedExample {
  readonly url: string;
  readonly process: ChildProcess;
}

/** The address that the program prints. If the program ends before that, the error has its output. */
async function addressOf(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  if (child.stdout === null) throw new Error('The program has no output.');
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('http://')) return line;
  }
  throw new Error(`The program has printed no address. ${errors}`);
}

/** Starts an emulator on loopback, and runs programs against it in a temporary folder. */
export async function startExamples(
  script: Script,
  options: Partial<EmulatorOptions> = {},
): Promise<Examples> {
  const emulator = createEmulator({ script, ...options });
  const server = await serveEmulator(emulator);
  const cwd = mkdtempSync(join(tmpdir(), 'longhaul-examples-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  const run: Examples['run'] = (example, own = {}) => {
    const file = join(import.meta.dirname, 'examples', example);
    const env = { ...process.env, OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'test', ...own };
    const child = spawn(process.execPath, ['--conditions=@longhaul/source', file], { cwd, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const serve: Examples['serve'] = async (example, env) => {
    const child = run(example, { PORT: '0', ...env });
    return { url: await addressOf(child), process: child };
  };
  return { emulator, run, serve };
}
