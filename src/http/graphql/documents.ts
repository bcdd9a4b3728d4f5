import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Limit of the bytes of cached documents, as counted here. */
const KEPT = 16 * 1024 * 1024;
/** Bytes on the heap for each character of a document as JSON: objects, arrays and the names in them. */
const HELD = 4;

/**
 * Cache of parsed and validated documents, by the hash of their text: clients send the same ones repeatedly. A cached
 * document is a copy that shares nothing with the text: a substring of a text keeps all of it in memory, comments too.
 */
export class Documents {
  readonly #kept = new LRUCache<string, DocumentNode>({ maxSize: KEPT });

  get(key: string): Promise<DocumentNode | undefined> {
    return Promise.resolve(this.#kept.get(key));
  }

  set(key: string, document: DocumentNode): Promise<void> {
    const json = JSON.stringify(document);
    this.#kept.set(key, JSON.parse(json) as DocumentNode, { size: json.length * HELD });
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#kept.delete(key));
  }
}
