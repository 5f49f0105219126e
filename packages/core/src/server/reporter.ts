/**
 * Returns a function that reports errors of a request to the operator. An error of `onError`, which may be an async
 * function, must not fail the request or end the process.
 */
export function reporterOf(
  onError: (error: unknown, request: Request) => unknown,
  request: Request,
): (error: unknown) => void {
  const report = async (error: unknown): Promise<void> => {
    await onError(error, request);
  };
  return (error) => void report(error).catch(() => undefined);
}
