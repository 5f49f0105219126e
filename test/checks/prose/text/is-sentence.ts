const functionWords = new Set(
  (
    'and an are as at a be by can cannot do does for from has have if in is it its may must no none not of on or ' +
    'that the there this to was were what when where which while who with without'
  ).split(' '),
);

/** Whether a string of a program reads as a sentence, and not as a name, a value or code. */
export function isSentence(text: string): boolean {
  if (/^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|WITH)\b/.test(text)) return false;
  if (/^[\s]*[{[<]/.test(text) || /[{};]\s*\n|=>|\bfunction\b\s*\(/.test(text)) return false;
  const words = text.match(/(?<![\w-])[A-Za-z][a-z'’]*(?![\w-])/g) ?? [];
  return words.length >= 3 && words.some((word) => functionWords.has(word.toLowerCase()));
}
