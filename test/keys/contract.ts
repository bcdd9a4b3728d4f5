import { accountContract } from './contract/accounts';
import type { NewPlace } from './contract/controls';
import { copyContract } from './contract/copies';
import { eraseContract } from './contract/erasures';
import { faultContract } from './contract/faults';
import { handOutContract } from './contract/hand-out';
import { rotationContract } from './contract/rotations';
import { segmentContract } from './contract/segments';

/**
 * Contract of every store of segments, and of the key book on it, as tests. A store passes it unchanged; each test has
 * a place of its own.
 */
export function keyBookContract(name: string, newPlace: NewPlace): void {
  describe(`${name}, as a store of segments`, () => segmentContract(newPlace));
  describe(`the key book on ${name}`, () => {
    accountContract(newPlace);
    handOutContract(newPlace);
    eraseContract(newPlace);
    rotationContract(newPlace);
    faultContract(newPlace);
    copyContract(newPlace);
  });
}
