import { GraphQLScalarType } from 'graphql';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { PositionScalar } from '../scalars';
import type { Envelope, FeedMessage } from './feed-source';

/** Given out, never taken in: nothing is left of it that could be checked. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value, as it is: its form is in the JSON Schema that `dataschema` names.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: () => {
    throw new TypeError('JSON is only given out.');
  },
});

@InputType({ description: 'Choice among the events of the account. All that is given has to fit.' })
export class LogEventFilter {
  @Field(() => [String], {
    nullable: true,
    description: 'Only events of these types, e.g. `RoleCreated`. An unknown type is BAD_USER_INPUT.',
  })
  types?: readonly string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only events on the stream of this role, or that name its id, and ends of publications.',
  })
  roleId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only events on the stream of this user, or that name their id.',
  })
  userId?: string | null;
}

const required = (description: string) => ({ description });
const optional = (description: string) => ({ nullable: true, description });

@ObjectType({
  simpleResolvers: true,
  description:
    'One event, as a CloudEvent 1.0: names of fields are those of its attributes, so that all fields that are not null are the envelope that the other feeds have.',
})
export class LogEvent {
  constructor(private readonly envelope: Envelope) {}

  @Field(() => String, required('Version of the specification of CloudEvents.'))
  get specversion(): string {
    return this.text('specversion')!;
  }

  @Field(() => ID, required('Id of the event, the same in every copy of the log.'))
  get id(): string {
    return this.text('id')!;
  }

  @Field(() => String, required('Owner of the event: `/accounts/<account>` or `/catalogue`.'))
  get source(): string {
    return this.text('source')!;
  }

  @Field(() => String, required('Contract of the event, e.g. `rolebook.UserAssigned.v1`.'))
  get type(): string {
    return this.text('type')!;
  }

  @Field(() => String, required('Stream that the event is on.'))
  get subject(): string {
    return this.text('subject')!;
  }

  @Field(() => String, optional('Time by the clock of the machine that recorded it. Positions order events.'))
  get time(): string | null {
    return this.text('time');
  }

  @Field(() => String, optional('`true` for an event that was declared void: it changes nothing.'))
  get voided(): string | null {
    return this.text('voided');
  }

  @Field(() => String, optional('Content type of `data`; null where it is void.'))
  get datacontenttype(): string | null {
    return this.text('datacontenttype');
  }

  @Field(() => String, optional('Address of the JSON Schema of `data`.'))
  get dataschema(): string | null {
    return this.text('dataschema');
  }

  @Field(() => JsonScalar, optional('The event itself; null where it is void.'))
  get data(): unknown {
    return this.envelope['data'] ?? null;
  }

  @Field(() => PositionScalar, required('Position of the event, also inside an append.'))
  get position(): string {
    return this.text('position')!;
  }

  @Field(() => String, required('Stream that the event is on.'))
  get stream(): string {
    return this.text('stream')!;
  }

  @Field(() => String, required('Number of the event on its stream, from 0.'))
  get revision(): string {
    return this.text('revision')!;
  }

  @Field(() => String, optional('Id of the account; null for the catalogue.'))
  get account(): string | null {
    return this.text('account');
  }

  @Field(() => String, optional('Kind of who made the change: `user`, `operator`, `service`.'))
  get actortype(): string | null {
    return this.text('actortype');
  }

  @Field(() => String, optional('Id of who made the change.'))
  get actorid(): string | null {
    return this.text('actorid');
  }

  @Field(() => String, optional('Host that an operator made the change on.'))
  get actorhost(): string | null {
    return this.text('actorhost');
  }

  @Field(() => String, optional('Id of the request that it came with.'))
  get requestid(): string | null {
    return this.text('requestid');
  }

  @Field(() => String, optional('Id of the event that it follows from.'))
  get causationid(): string | null {
    return this.text('causationid');
  }

  @Field(() => String, optional('Id of the command that recorded it.'))
  get commandid(): string | null {
    return this.text('commandid');
  }

  @Field(() => String, optional('The command, e.g. `updateRole`.'))
  get command(): string | null {
    return this.text('command');
  }

  @Field(() => String, optional('Number of the event among those that were recorded at once.'))
  get part(): string | null {
    return this.text('part');
  }

  @Field(() => String, optional('Number of the events that were recorded at once.'))
  get parts(): string | null {
    return this.text('parts');
  }

  @Field(() => String, optional('Reason of the change, in the actor’s words.'))
  get reason(): string | null {
    return this.text('reason');
  }

  @Field(() => String, optional('Version of the form of the event in the log.'))
  get schemaversion(): string | null {
    return this.text('schemaversion');
  }

  @Field(() => String, required('Number of the event among those of its source, with leading zeros.'))
  get sequence(): string {
    return this.text('sequence')!;
  }

  @Field(() => String, required('Key by which a queue may part the events.'))
  get partitionkey(): string {
    return this.text('partitionkey')!;
  }

  private text(name: string): string | null {
    const value = this.envelope[name];
    return typeof value === 'string' ? value : null;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'One thing that the feed says: an event, or that there is none up to a position.',
})
export class LogEventMessage {
  constructor(private readonly message: FeedMessage) {}

  @Field(() => PositionScalar, {
    description:
      'Position to go on from: store it with what you made of the event, and pass it as `afterPosition` the next time.',
  })
  get position(): string {
    return this.message.position;
  }

  @Field(() => LogEvent, {
    nullable: true,
    description: 'The event; null for a heartbeat: nothing that you asked for is missing up to the position.',
  })
  get event(): LogEvent | null {
    return this.message.event && new LogEvent(this.message.event.envelope);
  }
}
