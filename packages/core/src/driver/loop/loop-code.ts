// The code that a process needs only to drive a run or to decide about its calls. Only the testing module imports this
// module statically, so a bundler puts it into a separate file. load-loop.ts loads that file.
export { continuationOf } from '../../engine/conversation.ts';
export { transition } from '../../engine/transition.ts';
export { decisionMessage, isRepeated, leaseMessage, ownerMessage } from '../tools/run-message.ts';
export { EffectPerformer } from './effect-performer.ts';
export { contextOf } from './run-context.ts';
