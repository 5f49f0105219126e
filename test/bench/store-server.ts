/** The API for {@link compareStores}, in a separate process, so that its CPU time does not count. Prints its URL. */
import { serveEmulator } from '@longhaul/core/testing/node';
import { emulatorOf } from './iterations.ts';

const server = await serveEmulator(emulatorOf(2));
console.log(server.url);
