import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** The model that the visitor selected. An empty string selects the first model of the list. */
export const chosenModel: StoredValue<string> = storedValue('model', v.string(), '');
