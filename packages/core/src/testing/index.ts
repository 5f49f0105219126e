import { provideLoop } from '../driver/load-loop.ts';
import * as loopCode from '../driver/loop-code.ts';

export { createEmulator, type Emulator } from './emulator.ts';
export type { EmulatorOptions } from './emulator-options.ts';
export type { CreateFault } from './faults/create-fault.ts';
export type { CancelFault, Fault, FaultName, FaultNamed, WebhookFault } from './faults/fault.ts';
export type { ResponseFault } from './faults/response-fault.ts';
export type { StreamFault } from './faults/stream-fault.ts';
export type { Occasion, TransportFault } from './faults/transport-fault.ts';
export type { LoggedRequest } from './http/request-log.ts';
export { manualClock, type ManualClock, type ManualClockOptions } from './manual-clock.ts';
export type { Iteration, ScriptedCall, ScriptedMessage } from './script/iteration.ts';
export type { Script, ScriptRequest } from './script/script.ts';
export type { EmulatorSnapshot } from './snapshot.ts';
export type { CancelStream } from './stream/event-log.ts';
export type { WebhookOptions } from './webhooks/webhook-options.ts';
export type { StoreFeature } from './conformance/store-case.ts';
export {
  runStoreConformance,
  type StoreConformanceCase,
  type StoreConformanceOptions,
} from './store-conformance.ts';

// A manual clock does not wait for dynamic imports, so tests load the loop's code with this module.
provideLoop(loopCode);
