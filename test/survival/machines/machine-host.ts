import { setTimeout as sleep } from 'node:timers/promises';
import { cutProxy, type Cut, type CutProxy } from './cut-proxy.ts';
import type { MachineSettings } from './machine-protocol.ts';
import { MachineProcess } from './machine-process.ts';

export interface HostOptions {
  readonly settings: Omit<MachineSettings, 'database' | 'api'>;
  readonly offsetMs: number;
  /** The URL of the database. The machine reaches it through a network of its own. */
  readonly database: string;
  readonly api: string;
  readonly tell: (what: string) => void;
}

const restartAfterMs = 300;

/** A machine, its process, which is started again when it ends, and its networks. */
export class MachineHost {
  readonly #options: HostOptions;
  readonly #settings: MachineSettings;
  readonly database: CutProxy;
  readonly api: CutProxy;
  #process: MachineProcess;
  /** Whether a fault needs the machine now. Others leave it alone until then. */
  isBusy = false;
  #isClosed = false;
  #generation = 0;
  /** Outputs of processes that have ended, although no fault has ended them. */
  readonly crashes: string[] = [];

  private constructor(options: HostOptions, settings: MachineSettings, database: CutProxy, api: CutProxy) {
    this.#options = options;
    this.#settings = settings;
    this.database = database;
    this.api = api;
    this.#process = this.#boot();
  }

  static async start(options: HostOptions): Promise<MachineHost> {
    const [database, api] = [await throughProxy(options.database), await throughProxy(options.api)];
    const settings = { ...options.settings, database: database.url, api: api.url };
    return new MachineHost(options, settings, database.proxy, api.proxy);
  }

  get name(): string {
    return this.#settings.name;
  }

  get process(): MachineProcess {
    return this.#process;
  }

  get isFront(): boolean {
    return this.#settings.roles.includes('front');
  }

  async kill(downMs: number): Promise<void> {
    const victim = this.#expectEnd();
    await victim.kill();
    await sleep(downMs);
    this.#process = this.#boot();
    await this.#process.ready();
  }

  /** A new process replaces the old one, which closes in the meantime. */
  async deploy(): Promise<void> {
    const old = this.#expectEnd();
    const closed = old.close();
    this.#process = this.#boot();
    const code = await closed;
    // A process that receives the command to close before it is ready has nothing to close.
    if (code !== 0 && old.isReady) this.crashes.push(`${this.name} closed with ${code}: ${old.output}`);
    await this.#process.ready();
  }

  async stopFor(ms: number): Promise<void> {
    const stopped = this.#process;
    stopped.stop();
    await sleep(ms);
    stopped.continue();
  }

  async cut(which: 'database' | 'api', how: Cut, forMs: number): Promise<void> {
    this[which].cut(how);
    await sleep(forMs);
    await this[which].heal();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const { process } = this;
    if (process.isStopped) process.continue();
    await process.kill();
    await this.database.close();
    await this.api.close();
  }

  #expectEnd(): MachineProcess {
    this.#generation += 1;
    return this.#process;
  }

  #boot(): MachineProcess {
    const { tell, offsetMs } = this.#options;
    const booted = new MachineProcess(this.#settings, offsetMs);
    const generation = this.#generation;
    void booted.ready().then(() => {
      if (booted.isReady) tell(`${this.name} is ready`);
    });
    void booted.exited.then(async (code) => {
      if (this.#isClosed || generation !== this.#generation) return;
      // A process that cannot reach its database ends before it is ready.
      tell(`${this.name} has ended alone with ${code}: ${booted.output}`);
      if (booted.isReady) this.crashes.push(`${this.name} has ended with ${code}: ${booted.output}`);
      await sleep(restartAfterMs);
      if (!this.#isClosed && generation === this.#generation) this.#process = this.#boot();
    });
    return booted;
  }
}

async function throughProxy(url: string): Promise<{ readonly url: string; readonly proxy: CutProxy }> {
  const parsed = new URL(url);
  const proxy = await cutProxy(Number(parsed.port));
  parsed.port = String(proxy.port);
  return { url: parsed.href, proxy };
}
