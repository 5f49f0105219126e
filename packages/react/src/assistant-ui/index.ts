export { longhaulAttachments } from './attachment-adapter.ts';
export { useLonghaulThread } from './longhaul-extras.ts';
export { useLonghaulRuntime, type UseLonghaulRuntimeOptions } from './use-longhaul-runtime.ts';
