import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** How to receive responses: by streaming, with polling if that fails, or only by polling. */
export type Connection = 'stream' | 'poll';

export const chosenConnection: StoredValue<Connection> = storedValue(
  'connection',
  v.picklist(['stream', 'poll']),
  'stream',
);
