/** Names of headers, fields and query parameters whose values are secrets; `api-version` is none. */
export const secretName: RegExp = /key|token|secret|sig|pass|auth|code|cookie|credential/i;

/** Whether a text is made of words, as the names of toolsets, environments and modes are. */
function isWords(text: string): boolean {
  return text.split(/[ -/:-@[-`{-~]+/).every((part) => /^(?:[A-Z]?[a-z]{0,14}|[A-Z]{1,12})$/.test(part));
}

/**
 * Which of the texts at one place are looked for in what is said. Not those made of words (`production`), unless the place
 * is called after a secret: the names and the arguments of calls have such words, and would be sent again without them.
 */
export function searched(place: string, texts: readonly string[]): readonly string[] {
  return secretName.test(place) ? texts : texts.filter((text) => !isWords(text));
}
