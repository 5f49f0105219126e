/** A text as it is searched. Its ends are those of the text itself: what is found is cut out there. */
interface View {
  readonly text: string;
  /** Where a character of it, or its end, stands in the text itself. */
  readonly at: (index: number) => number;
}

/** In ASCII alone, which keeps every character's place. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A text without the percent-encoding of ASCII: a server may quote an address in any spelling. */
function decodedView(text: string): View {
  const starts: number[] = [];
  let decoded = '';
  for (let index = 0; index < text.length; index += 1) {
    starts.push(index);
    const letter = text.charAt(index);
    const code = letter === '%' ? text.slice(index + 1, index + 3) : '';
    const isEscape = /^[0-7][\da-f]$/.test(code);
    decoded += isEscape ? String.fromCharCode(Number.parseInt(code, 16)) : letter;
    if (isEscape) index += 2;
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

/** A text without what is known: in any case of its letters, also percent-encoded. What overlaps is taken out as one. */
export function removeKnown(text: string, known: readonly string[], replacement: string): string {
  const secrets = known.filter((secret) => secret !== '').map(lowered);
  const plain = lowered(text);
  const views = [{ text: plain, at: (index: number) => index }];
  if (plain.includes('%')) views.push(decodedView(plain));
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
