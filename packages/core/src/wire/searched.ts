/** Names of headers, fields and query parameters whose values are secrets; `api-version` is none. */
const secretName = /key|token|secret|sig|pass|auth|code|cookie|cred/i;

/** Dates, versions and the one media type's parameter that has a digit are as plain as words. */
const plain = /20\d\d-\d\d-\d\d|\d\d?\.\d|utf-8/gi;

/** Whether a text is made of words, as the names of toolsets, environments and modes are. */
export function isWords(text: string): boolean {
  return text
    .replace(plain, ' ')
    .split(/[ -/:-@[-`{-~]+/)
    .every((part) => /^(?:[A-Z]?[a-z]{0,14}|[A-Z]{1,12})$/.test(part));
}

/** Which of some texts are secrets, by the name of the place where they are. */
export type Choice = (place: string, texts: readonly string[]) => readonly string[];

/** Those that are called so. */
export const namedSecret: Choice = (place, texts) => (secretName.test(place) ? texts : []);

/**
 * Those that are looked for in what is said: not what is made of words (`production`), unless the place is called after a
 * secret. The names and the arguments of calls have such words, and would be sent again without them.
 */
export const searched: Choice = (place, texts) =>
  secretName.test(place) ? texts : texts.filter((text) => !isWords(text));
