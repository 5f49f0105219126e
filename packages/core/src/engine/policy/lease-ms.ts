/** How long a page may execute a call before it renews its lease, in milliseconds. */
export const leaseMs = 30_000;
