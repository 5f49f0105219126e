/**
 * What must not pass in a message: keys (masked ones too: they name the key's kind and its last characters), bearer
 * tokens, organisations, projects, and the frames of a stack trace.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\n\s*at [\s\S]*$/, ''],
  [/\bBearer\s+[^\s"',;]+/gi, 'Bearer [removed]'],
  [/\b(?:sk|rk|pk|sess|ek)-[\w*-]{4,}/g, '[removed]'],
  [/\borg-[\w-]{6,}/g, '[removed]'],
  [/\bproj_[\w-]{6,}/g, '[removed]'],
  [/\buser-[A-Za-z0-9]{12,}/g, '[removed]'],
];

/** A text of the API's, fit for the client's eyes. `known` are secrets of this exchange: the key, the API's host. */
export function scrub(text: string, known: readonly string[]): string {
  let clean = text;
  for (const secret of known) if (secret !== '') clean = clean.replaceAll(secret, '[removed]');
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  return clean;
}
