/** The API for {@link compareStores}, in a process of its own: its CPU time is no contestant's. Prints its URL. */
import { serveEmulator } from '@longhaul/core/testing/node';
import { emulatorOf } from './iterations.ts';

const server = await serveEmulator(emulatorOf(2));
console.log(server.url);
