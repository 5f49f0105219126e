export type JsonTokenKind = 'key' | 'string' | 'number' | 'word' | 'plain';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Splits printed JSON into tokens, which have different colours. The joined texts are equal to the input. */
export function jsonTokens(printed: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  const push = (kind: JsonTokenKind, text: string | undefined): void => {
    if (text !== undefined && text !== '') tokens.push({ kind, text });
  };
  for (const match of printed.matchAll(token)) {
    const [whole, text, colon, number, word] = match;
    push('plain', printed.slice(end, match.index));
    push(colon === undefined ? 'string' : 'key', text);
    push('plain', colon);
    push('number', number);
    push('word', word);
    end = match.index + whole.length;
  }
  push('plain', printed.slice(end));
  return tokens;
}
