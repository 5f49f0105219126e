import { boundedText } from '../wire/bounded-text.ts';

/** Bytes of an error's body that are kept. */
const largestKept = 1_048_576;

/** Bodies of error answers, by their headers: an error that the `openai` package throws has those, and not the body. */
const bodies = new WeakMap<Headers, string>();
const watched = new WeakSet<object>();

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}

async function keep(answer: Response): Promise<void> {
  try {
    const { body } = answer.clone();
    if (body !== null) bodies.set(answer.headers, await boundedText(body, largestKept));
  } catch {
    // The package reads the same body, and reports its trouble.
  }
}

/**
 * Has a client of the `openai` package keep the bodies of error answers. The package (7.59) gives the whole body as
 * `error` where a body has no `error` of its own, so that a gateway's answer cannot be told from the API's by what it
 * throws. Its `fetch` is wrapped once; what it sends and returns stays the same.
 */
export function keepErrorBodies(client: object): void {
  if (watched.has(client)) return;
  watched.add(client);
  const send: unknown = Reflect.get(client, 'fetch');
  if (typeof Reflect.get(client, 'makeStatusError') !== 'function' || !isFetch(send)) return;
  const keeping: Fetch = async (input, init) => {
    const answer = await send(input, init);
    if (!answer.ok) await keep(answer);
    return answer;
  };
  // A client that cannot be changed is read by what it throws.
  Reflect.set(client, 'fetch', keeping);
}

/** The body of the answer that these headers belong to, where it was kept. */
export function keptBody(headers: Headers | undefined): string | undefined {
  return headers && bodies.get(headers);
}
