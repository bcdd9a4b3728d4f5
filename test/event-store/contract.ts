import { appendContract } from './contract/appends';
import { closingContract } from './contract/closing';
import type { OpenStore } from './contract/controls';
import { inOrderContract } from './contract/in-order';
import { readContract } from './contract/reads';
import { formatContract } from './contract/format';
import { lineContract } from './contract/line';
import { refusalContract } from './contract/refusals';
import { repeatContract } from './contract/repeats';
import { subscriptionContract } from './contract/subscriptions';

export type { OpenStore, OpenedStore } from './contract/controls';

/**
 * Contract of every event store, as tests. A store passes it unchanged, also against a log that holds other
 * data and has other writers: each test uses streams of its own and reads from a position that it took itself.
 */
export function eventStoreContract(name: string, open: OpenStore): void {
  describe(`${name}, as an event store`, () => {
    appendContract(open);
    repeatContract(open);
    inOrderContract(open);
    refusalContract(open);
    readContract(open);
    subscriptionContract(open);
    lineContract(open);
    formatContract(open);
    closingContract(open);
  });
}
