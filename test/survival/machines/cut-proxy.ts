import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How a connection is cut. `hold`: nothing is forwarded, as if all packets were lost, and everything arrives when the
 * network is back. `reset`: connections break, and new ones are refused.
 */
export type Cut = 'hold' | 'reset';

/** A network between one machine and a server, on loopback. */
export interface CutProxy {
  readonly port: number;
  cut(how: Cut): void;
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Forwards bytes in one direction. The end of the input arrives after all bytes, and not while the network is cut. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #waiting: Buffer[] = [];
  #isHeld: boolean;
  #hasEnded = false;

  constructor(from: Socket, to: Socket, isHeld: boolean) {
    this.#from = from;
    this.#to = to;
    this.#isHeld = isHeld;
    from.on('data', (bytes) => {
      this.#waiting.push(Buffer.from(bytes));
      this.#forward();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#hasEnded = true;
      this.#forward();
    });
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#forward();
  }

  #forward(): void {
    if (this.#isHeld) return;
    for (const bytes of this.#waiting.splice(0)) if (this.#to.writable) this.#to.write(bytes);
    if (this.#hasEnded) this.#to.end();
  }

  destroy(): void {
    this.#from.destroy();
    this.#to.destroy();
  }
}

export async function cutProxy(target: number): Promise<CutProxy> {
  let state: Cut | 'open' = 'open';
  const pipes = new Set<Pipe>();
  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => undefined);
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    far.on('error', () => near.destroy());
    const both = [new Pipe(near, far, state === 'hold'), new Pipe(far, near, state === 'hold')];
    for (const pipe of both) pipes.add(pipe);
    // While the network is cut, the near end does not learn that the far end has closed.
    near.on('close', () => {
      if (far.closed || state !== 'hold') for (const pipe of both) pipes.delete(pipe);
    });
  });
  const port = await listen(server, 0);
  return {
    port,
    cut: (how) => {
      state = how;
      // A connection that is refused has sent nothing. A connection that breaks later may have sent something.
      if (how === 'reset') server.close();
      for (const pipe of pipes) {
        if (how === 'hold') pipe.hold(true);
        else pipe.destroy();
      }
    },
    heal: async () => {
      state = 'open';
      for (const pipe of pipes) pipe.hold(false);
      if (!server.listening) await listenAgain(server, port);
    },
    close: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const pipe of pipes) pipe.destroy();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Another connection of this computer may have the port for a while. */
async function listenAgain(server: Server, port: number): Promise<void> {
  for (;;) {
    try {
      await listen(server, port);
      return;
    } catch {
      await sleep(200);
    }
  }
}
