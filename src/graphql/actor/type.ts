import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Actor as KnownActor } from '../../domain/vocabulary';
import { globalId, type IdType } from '../ids';
import type { Moment } from '../moment';

export const ActorType = {
  USER: 'user',
  SERVICE: 'service',
  OPERATOR: 'operator',
  UNKNOWN: 'unknown',
} as const;
registerEnumType(ActorType, {
  name: 'ActorType',
  description: 'Kinds of those who make changes.',
  valuesConfig: {
    USER: { description: 'A user of the account.' },
    SERVICE: { description: 'A program.' },
    OPERATOR: { description: 'Someone at the command line of the server.' },
    UNKNOWN: {
      description: 'Nobody that can be told: only of an event that is void and does not say it readably.',
    },
  },
});

type ActorRow = KnownActor | { readonly type: 'unknown'; readonly id: string };
type ActorTypeRow = ActorRow['type'];

const UNKNOWN: ActorRow = { type: 'unknown', id: 'unknown' };
const ID_TYPES: Record<ActorTypeRow, IdType> = {
  user: 'User',
  service: 'Service',
  operator: 'Operator',
  unknown: 'Unknown',
};

@ObjectType({ simpleResolvers: true, description: 'Who made a change.' })
export class Actor {
  private readonly row: ActorRow;

  /** `actor`: null where it is not known. */
  constructor(
    actor: KnownActor | null,
    private readonly moment: Moment,
  ) {
    this.row = actor ?? UNKNOWN;
  }

  @Field(() => ActorType, { description: 'What kind of actor it is.' })
  get type(): ActorTypeRow {
    return this.row.type;
  }

  @Field(() => ID, { description: 'Id of the actor; of a user the global id.' })
  get id(): string {
    return globalId(ID_TYPES[this.row.type], this.row.id);
  }

  @Field(() => String, { description: 'What the actor is called: a user’s name, else the id.' })
  async name(): Promise<string> {
    return actorName(this.row, this.moment);
  }
}

export async function actorName({ type, id }: ActorRow, moment: Moment): Promise<string> {
  const user = type === 'user' ? await moment.users.load(id) : null;
  return user?.name ?? id;
}
