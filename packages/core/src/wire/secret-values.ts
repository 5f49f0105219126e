/** Names of headers, fields and query parameters whose values are secrets; not `api-version`. */
const secretName = /key|token|secret|sig|pass|auth|code|cookie|cred/i;

/** Dates, versions and the only media type parameter with a digit count as words. */
const plain = /20\d\d-\d\d-\d\d|\d\d?\.\d|utf-8/gi;

/** Whether a text consists of words, as the names of toolsets, environments and modes do. */
export function isWords(text: string): boolean {
  return text
    .replace(plain, ' ')
    .split(/[ -/:-@[-`{-~]+/)
    .every((part) => /^(?:[A-Z]?[a-z]{0,14}|[A-Z]{1,12})$/.test(part));
}

/** Selects the secrets among some texts, by the name of the place that contains them. */
export type SecretChoice = (place: string, texts: readonly string[]) => readonly string[];

/** Selects all texts of a place whose name means a secret. */
export const secretsByName: SecretChoice = (place, texts) => (secretName.test(place) ? texts : []);

/**
 * Selects the texts to search for in messages. Texts of words (`production`) are excluded unless the place's name means
 * a secret. Such words occur in the names and arguments of calls, which would be sent again without them.
 */
export const searchableSecrets: SecretChoice = (place, texts) =>
  secretName.test(place) ? texts : texts.filter((text) => !isWords(text));

/** The text that replaces a secret in requests and errors that are shown or saved. */
export const redacted = '[redacted]';
