/** Where the emulator tells that background responses are terminal. */
export interface WebhookOptions {
  /** Address of the receiver. */
  readonly url: string;
  /** Signs the deliveries: `whsec_` and base64. */
  readonly secret: string;
  /** Carries the deliveries; a receiver in the same process can be called directly. @default the global `fetch` */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}
