import { useSession } from '../../app/session-context';
import { keepKey, keptKey } from '../../draft/keep';

/** Idempotency keys of a form. */
export interface FormKey {
  /** Key for an input: the same as long as the form says the same, however often Save is pressed and the page is read. */
  readonly keyFor: (input: object) => string;
  /** Forgets the key once the outcome is known: the same again would be another command. */
  readonly settle: () => void;
}

/** The idempotency key of a form of a role, which outlives the page as its draft does; null: a role that is created. */
export function useKey(roleId: string | null): FormKey {
  const { session } = useSession();
  const userId = session.user.id;
  return {
    keyFor(input) {
      const content = JSON.stringify(input);
      const key = keptKey(sessionStorage, userId, roleId, content) ?? crypto.randomUUID();
      keepKey(sessionStorage, userId, roleId, { content, key });
      return key;
    },
    settle: () => keepKey(sessionStorage, userId, roleId, null),
  };
}
