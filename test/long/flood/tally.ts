/** Outcome of one request. */
export type Outcome =
  /** Answered without any error. */
  | 'accepted'
  /** A mutation whose payload says why not. */
  | 'refused'
  /** The caller’s fault, told at top level or by a status of 400 to 499. */
  | 'faulty'
  /** The server’s fault. */
  | 'failed'
  /** The server was killed meanwhile. */
  | 'unanswered';

const OUTCOMES: readonly Outcome[] = ['accepted', 'refused', 'faulty', 'failed', 'unanswered'];

/** The mix: what was asked for, by whom, and what came of it. */
export class Tally {
  /** Requests, a request sent again counted once. */
  requests = 0;
  accepted = 0;
  atLimit = 0;
  /** Answers of 503 that ask to come again later. */
  heldBack = 0;
  readonly failures: string[] = [];
  readonly fields = new Map<string, number>();
  readonly #operations = new Map<string, Map<Outcome, number>>();
  readonly #codes = new Map<string, number>();
  readonly #roles = new Map<string, { requests: number; accepted: number }>();

  /** `operations`: root fields or commands of the request. */
  count(operations: readonly string[], outcome: Outcome, roles: readonly string[]): void {
    this.requests += 1;
    if (outcome === 'accepted') this.accepted += 1;
    for (const operation of operations) {
      const counts = this.#operations.get(operation) ?? new Map<Outcome, number>();
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      this.#operations.set(operation, counts);
    }
    for (const role of roles) {
      const counts = this.#roles.get(role) ?? { requests: 0, accepted: 0 };
      counts.requests += 1;
      if (outcome === 'accepted') counts.accepted += 1;
      this.#roles.set(role, counts);
    }
  }

  code(code: string): void {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  fail(what: string): void {
    this.failures.push(what);
  }

  /** Number of times an operation was asked for. */
  asked(operation: string): number {
    return [...(this.#operations.get(operation)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  acceptedOf(operation: string): number {
    return this.#operations.get(operation)?.get('accepted') ?? 0;
  }

  requestsOf(role: string): number {
    return this.#roles.get(role)?.requests ?? 0;
  }

  /** Rows for a table: an operation, how often it was asked for, and what came of it. */
  mix(): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } {
    const rows = [...this.#operations.keys()]
      .sort()
      .map((operation) => [
        operation,
        this.asked(operation),
        ...OUTCOMES.map((outcome) => this.#operations.get(operation)?.get(outcome) ?? 0),
      ]);
    return { columns: ['operation', 'asked', ...OUTCOMES], rows };
  }

  codes(): (readonly [code: string, count: number])[] {
    return [...this.#codes].sort(([, a], [, b]) => b - a);
  }

  roles(): (readonly [role: string, requests: number, accepted: number])[] {
    return [...this.#roles].sort().map(([role, { requests, accepted }]) => [role, requests, accepted]);
  }
}
