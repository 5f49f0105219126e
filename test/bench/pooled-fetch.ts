/** The limit of concurrent requests, because a client does not open thousands of sockets to one host. */
const connections = 32;

/** A fetch with a limit of concurrent requests, which counts answers. Polls wait until `gate` is resolved. */
export class PooledFetch {
  answers = { POST: 0, GET: 0 };
  readonly gate: PromiseWithResolvers<void> = Promise.withResolvers();
  #free = connections;
  readonly #waiting: (() => void)[] = [];

  readonly fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const method = init?.method === 'POST' ? 'POST' : 'GET';
    if (method === 'GET') await this.gate.promise;
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const answer = await fetch(url, init);
      // The connection is free only after the whole body has arrived.
      const body = await answer.arrayBuffer();
      return new Response(body, { status: answer.status, headers: answer.headers });
    } finally {
      this.answers[method] += 1;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  };
}
