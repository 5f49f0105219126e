/** The parts of a storage of the browser that are used. */
type Store = Pick<Storage, 'getItem' | 'key' | 'length' | 'removeItem' | 'setItem'>;

/** The texts of a page that cannot store them. */
const inMemory = new Map<string, string>();

/** Undefined if the page has no such storage, or if the visitor has blocked it. */
function storeOf(name: 'localStorage' | 'sessionStorage'): Store | undefined {
  try {
    const store: Storage | null | undefined = globalThis[name];
    // Some browsers block the storage at the first use.
    store?.getItem('');
    return store ?? undefined;
  } catch {
    return undefined;
  }
}

/** The saved keys that begin so, in this page's memory and in the storage of the site. */
export function savedKeys(prefix: string): readonly string[] {
  const store = storeOf('localStorage');
  const stored = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '');
  return [...new Set([...stored, ...inMemory.keys()])].filter((key) => key.startsWith(prefix));
}

export function readText(key: string): string {
  return inMemory.get(key) ?? storeOf('localStorage')?.getItem(key) ?? '';
}

/** Saves a text for all pages of the site. A page without a storage keeps it. False if the storage has no space. */
export function saveText(key: string, text: string): boolean {
  const store = storeOf('localStorage');
  if (store === undefined) keepText(key, text);
  try {
    store?.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Keeps a text in the memory of this page. */
export function keepText(key: string, text: string): void {
  inMemory.set(key, text);
}

export function removeText(key: string): void {
  inMemory.delete(key);
  storeOf('localStorage')?.removeItem(key);
}

/** Reads a text of this tab. */
export function readTabText(key: string): string {
  return storeOf('sessionStorage')?.getItem(key) ?? '';
}

/** Saves a text for this tab. A storage that is full or blocked does not save it. An empty text removes it. */
export function saveTabText(key: string, text: string): void {
  const store = storeOf('sessionStorage');
  try {
    if (text === '') store?.removeItem(key);
    else store?.setItem(key, text);
  } catch {
    // The caller does not depend on it.
  }
}
