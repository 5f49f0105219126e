// The code that only a process that drives a run needs. No other module imports it statically, so a bundler puts it
// into a separate file. load-loop.ts loads that file.
export { continuationOf } from '../../engine/conversation.ts';
export { transition } from '../../engine/transition.ts';
export { recordDecision } from '../tools/record-decision.ts';
export { EffectPerformer } from './effect-performer.ts';
