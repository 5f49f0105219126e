import { builtinEnvironments, type Environment } from 'vitest/runtime';

/**
 * The classes and functions that requests use. happy-dom replaces them in the whole process, including servers in the
 * test. Its `Request` fails with Node's adapters, and its `fetch` refuses servers of other origins. A runner repeats
 * such a request forever.
 */
const network = ['fetch', 'Headers', 'Request', 'Response', 'AbortController', 'AbortSignal'] as const;

const page = builtinEnvironments['happy-dom'];

/** happy-dom, with the network of Node. */
const environment: Environment = {
  ...page,
  name: 'page',
  async setup(global, options) {
    const ofNode = network.map((name) => [name, Object.getOwnPropertyDescriptor(global, name)] as const);
    const opened = await page.setup(global, options);
    for (const [name, descriptor] of ofNode)
      if (descriptor !== undefined) Object.defineProperty(global, name, descriptor);
    return opened;
  },
};

export default environment;
