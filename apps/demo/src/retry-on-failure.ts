const tries = 6;
const pauseMs = 1_000;

/**
 * Retries an action that needs the network for some seconds, so that a tool does not fail when the server is down
 * briefly.
 */
export async function retryOnFailure<T>(load: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await load();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
