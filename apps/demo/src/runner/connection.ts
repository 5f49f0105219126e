import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** How answers are waited for: by a stream that falls back to polling, or by polling alone. */
export type Connection = 'stream' | 'poll';

export const chosenConnection: StoredValue<Connection> = storedValue(
  'connection',
  v.picklist(['stream', 'poll']),
  'stream',
);
