/** How long a store remembers the webhook of a response that no saved run waits for, in milliseconds. */
export const rememberWebhooksMs: number = 72 * 3_600_000;
