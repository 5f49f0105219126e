import { errorMessage } from '../../errors/error-message.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { ThrownData } from './calls.ts';

/** Converts a thrown error to data that can be sent between threads. */
export function thrownData(error: unknown): ThrownData {
  const message = errorMessage(error);
  if (StoreError.isInstance(error)) return { message, store: error.code };
  if (!(error instanceof Error)) return { message };
  return {
    message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('errcode' in error && typeof error.errcode === 'number' && { errcode: error.errcode }),
  };
}

/** Restores the error in the other thread. */
export function thrownError({ message, store, ...codes }: ThrownData): Error {
  return store === undefined ? Object.assign(new Error(message), codes) : new StoreError(store, message);
}
