/**
 * The API for {@link driven}, in a process of its own: three iterations call a tool, and the response of the next one
 * stays in progress. Prints its URL.
 */
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { toolName } from '../iterations.ts';

const emulator = createEmulator({
  queuedMs: 0,
  keepRequests: 1,
  script: ({ iterationIndex }) =>
    iterationIndex < 3
      ? { calls: [{ name: toolName, arguments: { index: iterationIndex } }], runMs: 0 }
      : { text: 'Done.', runMs: 86_400_000 },
});
const server = await serveEmulator(emulator);
console.log(server.url);
