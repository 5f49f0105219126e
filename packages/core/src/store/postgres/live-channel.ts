/**
 * Transports the notices and the live text of a store between processes, instead of LISTEN and NOTIFY. Any publish and
 * subscribe service can do it: each message goes to all processes that have subscribed.
 *
 * @example
 * const liveChannel: LiveChannel = {
 *   publish: (message) => void redis.publish('longhaul', message),
 *   subscribe: (listener) => {
 *     void subscriber.subscribe('longhaul', listener);
 *     return () => void subscriber.unsubscribe('longhaul', listener);
 *   },
 * };
 */
export interface LiveChannel {
  /** Sends a message of at most 2,500 bytes to all processes, including this one. Never waits. */
  publish(message: string): void;
  /** Calls `listener` with each message. @returns a function that ends this */
  subscribe(listener: (message: string) => void): () => void;
}
