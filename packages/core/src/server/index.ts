export { createProxy } from './create-proxy.ts';
export { createRunsHandler } from './runs/create-runs-handler.ts';
export type {
  RunAction,
  RunOfVisitor,
  RunsHandlerOptions,
  RunsLimits,
  ServedRunner,
} from './runs/options/runs-options.ts';
export { memoryStorage, type MemoryStorageOptions } from './limits/memory-storage.ts';
export { anonymous, type Principal } from './principal.ts';
export type {
  HostedToolParameters,
  ProxyAllow,
  ProxyCors,
  ProxyLimits,
  ProxyOptions,
} from './options/proxy-options.ts';
export type { ProxyStorage } from './limits/proxy-storage.ts';
export type { ReferenceKind } from './request/reference.ts';
export { signItemId, verifyItemId } from './ids/item-id.ts';
export {
  signResponseId,
  type SignResponseIdOptions,
  verifyResponseId,
  type VerifyResponseIdOptions,
} from './ids/response-id.ts';
export { createWebhookHandler } from './webhooks/create-webhook-handler.ts';
export type { WebhookHandlerOptions } from './webhooks/webhook-options.ts';
export { UpstreamConnectionError } from './upstream/upstream-connection-error.ts';
export { UpstreamFailureError } from './upstream/upstream-failure-error.ts';
