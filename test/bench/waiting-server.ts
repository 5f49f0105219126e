/** The API for {@link compareWaiting}, in a separate process, so that its cost does not count. Prints its URL. */
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';

const emulator = createEmulator({
  script: [{ text: 'Done.' }],
  queuedMs: 0,
  runMs: 86_400_000,
  keepRequests: 1,
});
const server = await serveEmulator(emulator);
console.log(server.url);
