import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { messageSchema, type Command, type MachineSettings } from './machine-protocol.ts';

const program = fileURLToPath(new URL('machine.ts', import.meta.url));
const shiftedDate = new URL('shifted-date.ts', import.meta.url).href;
/** How much of a machine's output is kept, in characters. */
const keptOutput = 4_000;

/** The answer of a machine to a command. `gone`: the machine has ended before it answered. */
export type Answer =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'gone' };

/** A process of a machine, as the test sees it. */
export class MachineProcess {
  readonly name: string;
  readonly exited: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #ready = Promise.withResolvers<void>();
  #isGone = false;
  #isReady = false;
  #webhookPort: number | undefined;
  #isStopped = false;
  #calls = 0;
  output = '';

  /** @param offsetMs Added to the wall clock of the process. */
  constructor(settings: MachineSettings, offsetMs: number) {
    this.name = settings.name;
    this.#child = fork(program, [JSON.stringify(settings)], {
      execArgv: [
        '--conditions=@longhaul/source',
        '--disable-warning=ExperimentalWarning',
        '--unhandled-rejections=strict',
        `--import=${shiftedDate}`,
      ],
      env: { ...process.env, LONGHAUL_CLOCK_OFFSET: String(offsetMs) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-keptOutput);
      });
    this.#child.on('message', (message) => this.#received(message));
    this.#child.on('error', () => undefined);
    this.exited = once(this.#child, 'exit').then(([code, signal]) => {
      this.#isGone = true;
      this.#ready.resolve();
      for (const answer of this.#answers.values()) answer({ type: 'gone' });
      this.#answers.clear();
      return typeof code === 'number' ? code : String(signal);
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** The port at which it receives webhooks, when it is ready. */
  get webhookPort(): number | undefined {
    return this.#isGone ? undefined : this.#webhookPort;
  }

  /** Whether it has been ready. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when the process is ready, or has ended. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  call(command: Command): Promise<Answer> {
    if (this.#isGone) return Promise.resolve({ type: 'gone' });
    const id = ++this.#calls;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answers.set(id, resolve);
    this.#child.send({ id, command }, (error) => {
      if (error !== null && this.#answers.delete(id)) resolve({ type: 'gone' });
    });
    return promise;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, as in a deploy. @returns its exit code, or the signal that has ended it */
  close(): Promise<number | string> {
    this.#child.kill('SIGTERM');
    return this.exited;
  }

  stop(): void {
    this.#isStopped = true;
    this.#child.kill('SIGSTOP');
  }

  continue(): void {
    this.#isStopped = false;
    this.#child.kill('SIGCONT');
  }

  #received(message: unknown): void {
    const parsed = messageSchema.parse(message);
    if ('ready' in parsed) {
      this.#isReady = true;
      this.#webhookPort = parsed.webhookPort;
      return this.#ready.resolve();
    }
    const answer = this.#answers.get(parsed.id);
    this.#answers.delete(parsed.id);
    if (parsed.error === undefined) answer?.({ type: 'done', value: parsed.value });
    else answer?.({ type: 'failed', ...parsed.error });
  }
}
