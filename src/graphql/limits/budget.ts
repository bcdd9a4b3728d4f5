import type { FieldNode } from 'graphql';
import { TURN, type Work } from '../../shared/turns';
import { requestError } from '../errors';
import type { Cost } from './cost';

/** Cost of an item of a list of texts or the like, whose fields cannot be selected. */
const LEAF = 0.25;
/** Limit that each permission of the catalogue adds: a request that shows all of a large catalogue is not refused. */
const A_PERMISSION = 40;

/**
 * Cost of a request as counted while it runs: every list is charged with its actual length, so that an estimate which
 * was too low harms nobody. Twice the estimate’s limit ends the request.
 */
export class Budget {
  #spent = 0;
  #limit = Infinity;
  #items: ReadonlyMap<FieldNode, number> = new Map();

  constructor(
    private readonly work: Work,
    /** Permissions in the catalogue that the request reads. */
    private readonly permissions: () => number,
  ) {}

  /** @throws RequestError `QUERY_TOO_COMPLEX` */
  begin({ certain, items }: Cost, limit: number): void {
    this.#items = items;
    this.#limit = 2 * limit;
    this.#charge(certain);
  }

  /**
   * Charges a list, and splits it if its items exceed a turn: the later ones are promises.
   * @throws RequestError `QUERY_TOO_COMPLEX`
   */
  list(
    list: readonly unknown[],
    nodes: readonly FieldNode[],
  ): readonly unknown[] | Promise<readonly unknown[]> {
    const each = nodes.reduce((sum, node) => sum + (this.#items.get(node) ?? 0), 0) || LEAF;
    this.#charge(list.length * each);
    const inOneTurn = Math.max(1, Math.floor(TURN / each));
    if (list.length > inOneTurn) return this.#inTurns(list, inOneTurn, each);
    return this.work.before(list.length * each)?.then(() => list) ?? list;
  }

  #inTurns(list: readonly unknown[], inOneTurn: number, each: number): unknown[] {
    let turn = Promise.resolve();
    return list.map((item, index) => {
      if (index % inOneTurn === 0) {
        turn = turn.then(() => this.work.turn()).then(() => this.work.before(inOneTurn * each) ?? undefined);
      }
      return turn.then(() => item);
    });
  }

  #charge(cost: number): void {
    this.#spent += cost;
    if (this.#spent <= this.#limit || this.#spent <= this.#limit + A_PERMISSION * this.permissions()) return;
    throw requestError(
      'QUERY_TOO_COMPLEX',
      'The answer is much larger than what this request was thought to cost. Ask for fewer fields or smaller pages.',
    );
  }
}
