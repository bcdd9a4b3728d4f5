import type { RecordedReason } from '../../src/domain/sealed-text';
import type { AccountSealing, Sealing } from '../../src/sealing/sealing';

/** Encrypts and hashes nothing: for tests of rules and protocols, whose events are looked at. */

const PLAIN: AccountSealing = {
  uuid: (former) => former,
  digest: (former) => former,
  claim: (former) => former,
  newKey: async () => null,
  findKey: async () => null,
  sealData: ({ data }) => data,
  sealReason: (reason) => reason,
  open: async () => null,
};
export const plainSealing: Sealing = { openAccount: async () => PLAIN, account: async () => PLAIN };

export const reasonInClear =
  async (reason: string): Promise<RecordedReason> =>
  () =>
    reason;
