import { Agent, get, type IncomingMessage } from 'node:http';
import type { Recording } from './bare-fan-out.ts';

interface Message {
  readonly at: number;
  readonly text: string;
}

/** Pages that watch runs over HTTP, each with its own connection. */
export class WatchingPages {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  readonly #recorded = new Map<string, Message[]>();
  #releasedAt = Number.POSITIVE_INFINITY;
  #ends: Promise<void>[] = [];
  bytes = 0;

  /** Opens the pages one after another, and resolves when each has received the view of its run. */
  async open(url: string, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) await this.#open(`${url}/api/longhaul/events?runs=${runId}`, runId);
  }

  async #open(url: string, runId: string): Promise<void> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { agent: this.#agent, headers: { 'x-visitor': runId } }, resolve).on('error', reject);
    });
    if (response.statusCode !== 200) throw new Error(`A page was answered with ${response.statusCode}.`);
    const recorded = this.#recorded.has(runId) ? undefined : this.#record(runId);
    const viewed = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    let text = '';
    response.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      const parts = (text + chunk.toString('latin1')).split(/(?<=\n\n)/);
      text = parts.at(-1)?.endsWith('\n\n') === true ? '' : (parts.pop() ?? '');
      const at = performance.now();
      for (const part of parts) {
        recorded?.push({ at, text: part });
        if (part.startsWith('data:')) viewed.resolve();
        if (part.startsWith('event: end')) ended.resolve();
      }
    });
    this.#ends.push(ended.promise);
    await viewed.promise;
  }

  #record(runId: string): Message[] {
    const messages: Message[] = [];
    this.#recorded.set(runId, messages);
    return messages;
  }

  released(): void {
    this.#releasedAt = performance.now();
    this.bytes = 0;
  }

  /** Resolves when each page has received the end of its run. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  /** The messages that the first page of each run has received. */
  recording(): Recording {
    return Object.fromEntries(
      [...this.#recorded].map(([runId, messages]) => {
        const first = messages.filter(({ at }) => at < this.#releasedAt).map(({ text }) => text);
        const later = messages
          .filter(({ at }) => at >= this.#releasedAt)
          .map(({ at, text }) => [at - this.#releasedAt, text] as const);
        return [runId, { first, later }];
      }),
    );
  }

  close(): void {
    this.#agent.destroy();
  }
}
