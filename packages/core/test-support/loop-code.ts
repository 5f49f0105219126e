import { provideLoop } from '../src/driver/load-loop.ts';
import * as loopCode from '../src/driver/loop-code.ts';

// A manual clock does not wait for dynamic imports, so tests load the loop's code with this module.
provideLoop(loopCode);
