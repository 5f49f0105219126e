const tries = 6;
const pauseMs = 1_000;

/**
 * Does something that needs the network once more while that fails, for some seconds: a tool should not fail only
 * because the server was away for a moment.
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
