import { mustBe } from '../errors/must-be.ts';
import { saferPlaces, secretInItems } from '../wire/tool-secrets.ts';
import type { InputItem } from '../wire/items.ts';

/** @throws ConfigurationError if the input has secrets of tools, because it is saved */
export function refuseSecrets(caller: string, input: string | readonly InputItem[]): void {
  const secret = typeof input === 'string' ? undefined : secretInItems(input);
  mustBe(
    secret === undefined,
    caller,
    'input',
    `without secrets of tools, because it is saved (${secret}): ${saferPlaces}`,
  );
}
