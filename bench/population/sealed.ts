import { claimStream, parseStream } from '../../src/event-store/port/streams';
import { schemaVersionOf } from '../../src/domain/event-versions';
import type { ClaimEvent } from '../../src/domain/claim/events';
import { usernameClaims } from '../../src/domain/claim/claim';
import type { JsonObject } from '../../src/event-store/port/event-store';
import type { AccountSealing } from '../../src/sealing/sealing';
import type { Append } from './events';

/** An append as commands write it: names encrypted with a key of the user, claims on usernames keyed. */
export async function sealed(append: Append, sealing: AccountSealing): Promise<Append> {
  const { category, account, id } = parseStream(append.stream)!;
  if (append.events[0]!.type === 'UserRegistered') return ofUser(append, id!, sealing);
  const isOfUsername = category === 'claim' && kindOf(append) === 'USERNAME';
  return isOfUsername ? { ...append, stream: claimStream(account!, sealing.claim(id!)) } : append;
}

async function ofUser(append: Append, user: string, sealing: AccountSealing): Promise<Append> {
  const key = await sealing.newKey();
  const events = append.events.map((event) => {
    const { id, type, metadata } = event;
    const claims = usernameClaims(String(event.data['username'])).map((each) => sealing.claim(each));
    const data = { ...event.data, claims } as JsonObject;
    const schemaVersion = schemaVersionOf({ type, data });
    return {
      ...event,
      data: sealing.sealData({ id, type, data }, user, key),
      metadata: { ...metadata, schemaVersion },
    };
  });
  return { ...append, events };
}

const kindOf = ({ events: [first] }: Append): string => (first!.data as ClaimEvent['data']).kind;
