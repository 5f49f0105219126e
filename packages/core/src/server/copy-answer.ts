/**
 * A copy of a Response that a function of the site has returned. The function may return the same Response for each
 * request, but a body can be sent only once. Adapters may replace the global `Response`, so `clone()` alone may return
 * an object of another class.
 */
export function copyAnswer(answer: Response): Response {
  const { status, headers } = answer;
  return new Response(answer.clone().body, { status, headers });
}
