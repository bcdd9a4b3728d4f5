import type { ExternalIdentity } from '../../domain/user/events';
import { inputRefusal } from '../../commands/command';
import { operatorContext } from '../../operator/operator';
import type { OperatorAnswer, OperatorItem } from '../../operator/operator-bus';
import type { OperatorTarget, Registered } from '../register-user';

const ANOTHER_PERSON =
  'The user who is there under this username signs in with another subject of this issuer, and may be somebody else: link the identity by `rolebook identity link` if not.';

/**
 * Links the identities in a file to users who were there already: a registration links the one of its line itself. What is
 * linked is decided again and changes nothing. A user whom a line found by the username alone may be somebody else, who
 * registered under it: with a subject of the same issuer that the file does not have, nothing is linked.
 */
export class IdentityLinker {
  /** Identities that lines of this import named, by user. */
  private readonly named = new Map<string, Set<string>>();

  constructor(private readonly target: OperatorTarget) {}

  /** `wanted`: identities by line, null for none. Answers by line, for those that were asked for. */
  async link(
    registered: readonly Registered[],
    wanted: readonly (ExternalIdentity | null)[],
  ): Promise<readonly (readonly OperatorAnswer[])[]> {
    const { bus, account, record, readModels } = this.target;
    // Most files have no identities: nothing is to be looked up.
    if (wanted.every((identity) => identity === null)) return wanted.map(() => []);
    const users = registered.map(({ answer }) => (answer.accepted ? answer.owner.id : null));
    for (const [line, identity] of wanted.entries()) this.note(users[line] ?? null, identity);
    const held = readModels.view(account).identities(users.flatMap((user) => user ?? []));
    const items = registered.map(({ answer }, line): OperatorItem | OperatorAnswer | null => {
      const [user, identity] = [users[line] ?? null, wanted[line]];
      if (user === null || !answer.accepted || answer.written > 0 || identity == null) return null;
      if (this.isOfAnother(user, identity, held.get(user))) return refused();
      const command = { type: 'linkUserIdentity', user, ...identity } as const;
      return { command, context: operatorContext(account, record) };
    });
    const asked = items.filter((item): item is OperatorItem => item !== null && 'command' in item);
    const answers = (asked.length === 0 ? [] : await bus.executeAll(asked, { ahead: true })).values();
    return items.map((item) => {
      if (item === null) return [];
      return 'command' in item ? [answers.next().value as OperatorAnswer] : [item];
    });
  }

  private note(user: string | null, identity: ExternalIdentity | null): void {
    if (user === null || identity === null) return;
    this.named.set(user, (this.named.get(user) ?? new Set()).add(nameOf(identity)));
  }

  private isOfAnother(
    user: string,
    { issuer, subject }: ExternalIdentity,
    held: readonly { readonly issuer: string; readonly subject: string | null }[] = [],
  ): boolean {
    const ofIssuer = held.filter((each) => each.issuer === issuer);
    if (ofIssuer.some((each) => each.subject === subject)) return false;
    return ofIssuer.some(
      (each) => !this.named.get(user)?.has(nameOf({ issuer, subject: each.subject ?? '' })),
    );
  }
}

const nameOf = ({ issuer, subject }: ExternalIdentity): string => JSON.stringify([issuer, subject]);

const refused = (): OperatorAnswer => ({
  accepted: false,
  refusals: [inputRefusal('IDENTITY_TAKEN', { field: ['identity'], message: ANOTHER_PERSON })],
  position: null,
});
