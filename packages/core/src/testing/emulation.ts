import type { Clock } from '../clock/clock.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import type { Random } from './world/random.ts';
import type { World } from './world/world.ts';

/** What the routes work on. */
export interface Emulation {
  readonly options: EmulatorOptions;
  readonly clock: Clock;
  readonly world: World;
  readonly random: Random;
}
