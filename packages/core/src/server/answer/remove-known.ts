/** A variant of a text to search in. Matches are removed from the original text. */
interface View {
  readonly text: string;
  /** Converts an index of the variant to an index of the original text. */
  readonly at: (index: number) => number;
}

/** Converts only ASCII letters, so that every index stays the same. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Matches an ASCII character that is escaped as in addresses, JSON or HTML: `%2f`, `\u002f`, `\/`, `&#47;`, `&#x2f;`.
 */
const escape = /%([0-7][\da-f])|\\u00([0-7][\da-f])|&#x0?([0-7][\da-f]);|&#(\d{2,3});|\\([/"\\])|&amp;/y;

function decodedAt(
  text: string,
  index: number,
): { readonly letter: string; readonly length: number } | undefined {
  escape.lastIndex = index;
  const found = escape.exec(text);
  if (found === null) return undefined;
  const [{ length }, percent, unicode, hex, decimal, letter] = found;
  const hexadecimal = percent ?? unicode ?? hex;
  if (hexadecimal !== undefined)
    return { letter: String.fromCharCode(Number.parseInt(hexadecimal, 16)), length };
  if (decimal !== undefined) return { letter: String.fromCharCode(Math.min(Number(decimal), 0x7f)), length };
  return { letter: letter ?? '&', length };
}

/** Decodes these escapes, because a server may quote a key or an address in any of them. */
function decodedView(text: string): View {
  const starts: number[] = [];
  let decoded = '';
  for (let index = 0; index < text.length; index += 1) {
    starts.push(index);
    const letter = text.charAt(index);
    const found = letter === '%' || letter === '\\' || letter === '&' ? decodedAt(text, index) : undefined;
    decoded += found?.letter ?? letter;
    index += (found?.length ?? 1) - 1;
  }
  return { text: lowered(decoded), at: (index) => starts[index] ?? text.length };
}

type Span = readonly [start: number, end: number];

function* spansOf(secrets: readonly string[], { text, at }: View): Generator<Span> {
  for (const secret of secrets) {
    for (let found = text.indexOf(secret); found !== -1; found = text.indexOf(secret, found + 1))
      yield [at(found), at(found + secret.length)];
  }
}

/**
 * Removes all occurrences of known secrets, regardless of case and escapes. Overlapping occurrences are replaced
 * together.
 */
export function removeKnown(text: string, known: readonly string[], replacement: string): string {
  const secrets = known.filter((secret) => secret !== '').map(lowered);
  const plain = lowered(text);
  const views = [{ text: plain, at: (index: number) => index }];
  if (/[%\\&]/.test(plain)) views.push(decodedView(plain));
  const spans = views
    .flatMap((view) => [...spansOf(secrets, view)])
    .toSorted(([one], [other]) => one - other);
  let clean = '';
  let shownTo = 0;
  for (const [start, end] of spans) {
    if (start >= shownTo) clean += text.slice(shownTo, start) + replacement;
    shownTo = Math.max(shownTo, end);
  }
  return clean + text.slice(shownTo);
}
