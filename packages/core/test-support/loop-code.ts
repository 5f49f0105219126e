import { provideLoop } from '../src/driver/loop/load-loop.ts';
import * as loopCode from '../src/driver/loop/loop-code.ts';

// Tests control time, and do not wait for a file to load.
provideLoop(loopCode);
