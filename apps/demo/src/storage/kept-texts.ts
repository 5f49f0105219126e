/** Texts by key. Reading and writing never throws. */
export interface KeptTexts {
  readonly read: (key: string) => string | null;
  /** @param text `null` removes the text */
  readonly write: (key: string, text: string | null) => void;
}

/**
 * Texts in a storage of the browser. A text that the browser does not store is kept until the page closes: the storage
 * may be blocked or full.
 *
 * @param area Returns the storage. A browser that blocks it already throws when the page reads the property
 */
export function keptTexts(area: () => Storage): KeptTexts {
  const unstored = new Map<string, string | null>();
  return {
    read: (key) => {
      const kept = unstored.get(key);
      if (kept !== undefined) return kept;
      try {
        return area().getItem(key);
      } catch {
        return null;
      }
    },
    write: (key, text) => {
      try {
        if (text === null) area().removeItem(key);
        else area().setItem(key, text);
        unstored.delete(key);
      } catch {
        unstored.set(key, text);
      }
    },
  };
}

/** Texts for all tabs, and for later visits. */
export const localTexts: KeptTexts = keptTexts(() => localStorage);
