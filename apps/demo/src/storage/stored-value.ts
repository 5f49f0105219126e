import { useSyncExternalStore } from 'react';
import * as v from 'valibot';
import { localTexts } from './kept-texts.ts';

/** A value in the browser's local storage. It is validated when it is read, and shared live with other tabs. */
export interface StoredValue<T> {
  read(): T;
  write(value: T): void;
  subscribe(listener: () => void): () => void;
}

/** @param fallback The value if no valid value is stored */
export function storedValue<T>(
  name: string,
  schema: v.GenericSchema<unknown, T>,
  fallback: T,
): StoredValue<T> {
  const key = `longhaul-demo.${name}`;
  const listeners = new Set<() => void>();
  let cached: { readonly text: string | null; readonly value: T } = { text: null, value: fallback };
  return {
    read: () => {
      const text = localTexts.read(key);
      // Return the same object for the same text, because useSyncExternalStore compares by identity.
      if (text !== cached.text) {
        const parsed = v.safeParse(schema, parseJson(text));
        cached = { text, value: parsed.success ? parsed.output : fallback };
      }
      return cached.value;
    },
    write: (value) => {
      localTexts.write(key, JSON.stringify(value));
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        removeEventListener('storage', listener);
      };
    },
  };
}

export function useStoredValue<T>(value: StoredValue<T>): T {
  return useSyncExternalStore(value.subscribe, value.read);
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
