/** A text that says something, or undefined: some servers and gateways send empty ones for nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
