export { indexedDbStore, type IndexedDbStore, type IndexedDbStoreOptions } from './indexed-db-store.ts';
export { tabStore, type TabStore, type TabStoreOptions } from './tab-store.ts';
