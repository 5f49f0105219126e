/** Matches about one token: a word with the space before it, up to three digits, punctuation, one space. */
const token = / ?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s/gu;

/** Splits a text into the deltas of its stream. Does not split characters. */
export function deltaChunks(text: string, size: number | null): readonly string[] {
  if (size === null) return text.match(token) ?? [];
  const characters = Array.from(text);
  const width = Math.max(1, Math.floor(size));
  const chunks: string[] = [];
  for (let start = 0; start < characters.length; start += width) {
    chunks.push(characters.slice(start, start + width).join(''));
  }
  return chunks;
}
