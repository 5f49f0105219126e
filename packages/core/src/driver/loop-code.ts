// The code that a process needs only to drive a run or to decide about its calls. Only the testing module imports this
// module statically, so a bundler puts it into a separate file. load-loop.ts loads that file.
export { transition } from '../engine/transition.ts';
export { decisionMessage, leaseMessage, ownerMessage, steerMessage } from './tools/record-message.ts';
export { isRepeated } from './tools/is-repeated.ts';
export { Adoption } from './runner/adoption.ts';
export { deleteRuns } from './runner/delete-runs.ts';
export { wakeResponse } from './runner/wake-response.ts';
export { assignOwner } from './runner/assign-owner.ts';
export { clientNews } from './loop/client-news.ts';
export { checkContext } from './loop/check-context.ts';
export { continuationFrom } from './runner/continuation.ts';
export { resumeAll } from './runner/resume-all.ts';
export { messageBody, receiveMessages } from './ownership/inbox-message.ts';
export { StoreWatch } from './ownership/store-watch.ts';
export { resultOf } from './runner/run-result.ts';
export { FollowedRuns } from './runner/followed-runs.ts';
export { LiveExchange } from './publication/live-exchange.ts';
export { applyEvents } from '../engine/view/apply-event.ts';
export { keepStreamed } from '../engine/view/keep-streamed.ts';
export { shareStructure } from '../engine/view/share-structure.ts';
export { viewOf } from '../engine/view/view-of.ts';
export { listThreadRuns, listThreads } from './saved/lists.ts';
export { readSnapshot } from './saved/read-snapshot.ts';
export { EffectPerformer } from './loop/effect-performer.ts';
export { contextOf } from './loop/context-of.ts';
