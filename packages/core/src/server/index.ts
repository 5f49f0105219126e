export { createProxy } from './create-proxy.ts';
export { memoryStorage, type MemoryStorageOptions } from './memory-storage.ts';
export { anonymous, type Principal } from './principal.ts';
export type { HostedTool, ProxyAllow, ProxyCors, ProxyLimits, ProxyOptions } from './proxy-options.ts';
export type { ProxyStorage } from './proxy-storage.ts';
export type { ReferenceKind } from './reference.ts';
export {
  signResponseId,
  type SignResponseIdOptions,
  verifyResponseId,
  type VerifyResponseIdOptions,
} from './response-id.ts';
export { UpstreamConnectionError } from './upstream-connection-error.ts';
export { UpstreamFailureError } from './upstream-failure-error.ts';
