import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Actor as KnownActor } from '../../domain/vocabulary';
import { globalId, parseGlobalId, type IdType } from '../global-id';
import type { MomentThen } from './moment-then';
import type { PinnedView } from '../pinned-view';

export const ActorType = {
  USER: 'user',
  SERVICE: 'service',
  OPERATOR: 'operator',
  UNKNOWN: 'unknown',
} as const;
registerEnumType(ActorType, {
  name: 'ActorType',
  description: 'Kinds of actors.',
  valuesConfig: {
    USER: { description: 'A user of the account.' },
    SERVICE: { description: 'A program.' },
    OPERATOR: { description: 'Someone at the command line of the server.' },
    UNKNOWN: {
      description: 'An actor that cannot be determined: only of a void event that does not name it readably.',
    },
  },
});

type ActorRow = KnownActor | { readonly type: 'unknown'; readonly id: string; readonly host?: never };
type ActorTypeRow = ActorRow['type'];

const UNKNOWN: ActorRow = { type: 'unknown', id: 'unknown' };
const ID_TYPES: Record<ActorTypeRow, IdType> = {
  user: 'User',
  service: 'Service',
  operator: 'Operator',
  unknown: 'Unknown',
};

/** The actor that a global id names, or null if it names none. */
export function actorOf(text: string): KnownActor | null {
  const parsed = parseGlobalId(text);
  const found = Object.entries(ID_TYPES).find(([, idType]) => idType === parsed?.type);
  return parsed && found ? { type: found[0] as KnownActor['type'], id: parsed.id } : null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The author of a change. A user, a service and an operator of one name are three actors. A value without an `id`, so that caches keep it in what it is the author of: its name and host are of that change.',
})
export class Actor {
  private readonly row: ActorRow;

  /** `actor`: null if it is not known. `then`: the moment whose name it shows; left out: that of the view. */
  constructor(
    actor: KnownActor | null,
    private readonly moment: PinnedView,
    private readonly then: MomentThen | null = null,
  ) {
    this.row = actor ?? UNKNOWN;
  }

  @Field(() => ActorType, { description: 'Kind of the actor.' })
  get type(): ActorTypeRow {
    return this.row.type;
  }

  @Field(() => ID, {
    description:
      'Global id: `User:<id>`, `Service:<id>` or `Operator:<id>`; the latter two name nothing that `node` finds. Of a user it is the id of now, whatever moment the name is of. For `HistoryFilter.actor`.',
  })
  get key(): string {
    return globalId(ID_TYPES[this.row.type], this.row.id);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the machine where an operator gave the command, or that acted by itself; null for users and services, and where it was not recorded.',
  })
  get host(): string | null {
    return this.row.host ?? null;
  }

  @Field(() => String, { description: 'Name of the actor: a user’s name, else the id.' })
  async name(): Promise<string> {
    const { type, id } = this.row;
    if (type !== 'user') return id;
    const name = this.then ? await this.then.nameOf('user', id) : (await this.moment.users.load(id))?.name;
    return name ?? id;
  }
}
