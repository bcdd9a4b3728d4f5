import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes that the documents which are kept hold at most, as counted here. */
const KEPT = 16 * 1024 * 1024;
/** Bytes on the heap for each character of a document as JSON: objects, arrays and the names in them. */
const HELD = 4;

/**
 * Documents that were parsed and validated, by the hash of their text: clients send the same ones over and over. What is
 * kept is a copy that holds nothing of the text: a name that is cut out of a text keeps all of it, comments too.
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
