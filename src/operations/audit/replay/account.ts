import { evolveAccount, NEW_ACCOUNT, type AccountState } from '../../../domain/account/account';
import type { AccountEvent } from '../../../domain/account/events';
import { describeEvent } from '../../../domain/description/describe-event';
import type { EventStore } from '../../../event-store/port/event-store';
import { accountStream } from '../../../event-store/port/streams';
import { readVoids } from '../../../repair/voids';
import { demandSound, describeVoid, spanOf, type ReplayOptions, type ReplayStep } from './step';

/**
 * Replays an account from the log alone: its opening and its features, which bound what its roles give.
 * @throws NewerEventError, EventStoreError
 */
export async function* replayAccount(
  store: EventStore,
  account: string,
  options: ReplayOptions = {},
): AsyncGenerator<ReplayStep<AccountState>> {
  const voids = await readVoids(store);
  const { isEarly, isLate } = await spanOf(store, voids, options);
  let state = NEW_ACCOUNT;
  for await (const event of store.readStream(accountStream(account))) {
    if (isLate(event)) return;
    const before = state;
    const declared = voids.of(event);
    if (declared) {
      const told = { before, after: before, isEarly: isEarly(event), voided: declared };
      yield { event, change: describeVoid(event, declared), ...told };
      continue;
    }
    demandSound(event);
    const known = event as unknown as AccountEvent;
    state = evolveAccount(state, known);
    const change = describeEvent(known).predicate({ role: null, user: null });
    yield { event, change, before, after: state, isEarly: isEarly(event) };
  }
}
