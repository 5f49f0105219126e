export type FieldChange = 'same' | 'changed' | 'added' | 'removed';

export interface RequestField {
  readonly name: string;
  readonly change: FieldChange;
  /** Undefined if the field was removed. */
  readonly value: unknown;
  readonly before: unknown;
}

const order: Readonly<Record<FieldChange, number>> = { added: 0, changed: 1, removed: 2, same: 3 };

/** Compares a request with the previous one, changed fields first. Without a previous request, all fields are added. */
export function requestChanges(
  request: Readonly<Record<string, unknown>>,
  previous: Readonly<Record<string, unknown>> | undefined,
): RequestField[] {
  const names = new Set([...Object.keys(request), ...Object.keys(previous ?? {})]);
  return [...names]
    .map((name): RequestField => {
      const value = request[name];
      const before = previous?.[name];
      return { name, value, before, change: changeOf(value, before) };
    })
    .toSorted((a, b) => order[a.change] - order[b.change]);
}

function changeOf(value: unknown, before: unknown): FieldChange {
  if (before === undefined) return 'added';
  if (value === undefined) return 'removed';
  // Both were built from the same definitions in the same order, so equal values have the same JSON.
  return JSON.stringify(value) === JSON.stringify(before) ? 'same' : 'changed';
}
