import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** The model that the visitor chose; empty for the list's first. */
export const chosenModel: StoredValue<string> = storedValue('model', v.string(), '');
