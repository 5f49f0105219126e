/** The receiver of the emulator's webhooks. */
export interface WebhookOptions {
  /** The URL of the receiver. */
  readonly url: string;
  /** The secret that signs the deliveries: `whsec_` and base64. */
  readonly secret: string;
  /** Sends the deliveries. It can call a receiver in the same process directly. @default the global `fetch` */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}
