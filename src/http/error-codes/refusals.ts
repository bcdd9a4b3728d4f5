import type { RefusalCode } from '../../domain/refusal';
import type { Advice } from './remedies';

/** Advice on the refusals in payloads; why they happen, the domain says. */
export const REFUSAL_ADVICE: Readonly<Record<RefusalCode, Advice>> = {
  NAME_REQUIRED: { remedy: 'MEND', action: 'Ask for a name.' },
  NAME_TOO_LONG: { remedy: 'MEND', action: 'Ask for a shorter name.' },
  NAME_TAKEN: { remedy: 'MEND', action: 'Ask for another name.' },
  DESCRIPTION_TOO_LONG: { remedy: 'MEND', action: 'Ask for a shorter description.' },
  UNKNOWN_PERMISSION: { remedy: 'RELOAD', action: 'Read the catalogue again: it has changed.' },
  UNKNOWN_SCOPE: { remedy: 'RELOAD', action: 'Read the catalogue again: it has changed.' },
  UNKNOWN_SECTION: { remedy: 'RELOAD', action: 'Read the catalogue again: it has changed.' },
  UNKNOWN_FEATURE: { remedy: 'RELOAD', action: 'Read the catalogue again: it has changed.' },
  DEFAULT_ROLE_IMMUTABLE: { remedy: 'DENY', action: 'Offer a copy of the role, which can be changed.' },
  UNKNOWN_USER: { remedy: 'RELOAD', action: 'Read the users again; `ids` names those who are not there.' },
  USER_INACTIVE: { remedy: 'MEND', action: 'Leave out the users in `ids`, or reactivate them first.' },
  ROLE_CONFLICT: { remedy: 'MEND', action: 'Leave out the users or roles in `ids`.' },
  LAST_ADMIN: { remedy: 'DENY', action: 'Make somebody else an account admin first.' },
  ESCALATION: { remedy: 'DENY', action: 'Ask somebody who has the `permissions` that the error names.' },
  FEATURE_REQUIRED: { remedy: 'DENY', action: 'Show no switch for it (`Feature.required`).' },
  USERNAME_TAKEN: { remedy: 'MEND', action: 'Ask for another username.' },
  USERNAME_SUPPRESSED: { remedy: 'MEND', action: 'Ask for another username, or release this one first.' },
  EXTERNAL_ID_TAKEN: { remedy: 'MEND', action: 'Ask for another external id.' },
  EXTERNAL_ID_SUPPRESSED: { remedy: 'MEND', action: 'Release the username of the erased user first.' },
  IDENTITY_TAKEN: {
    remedy: 'MEND',
    action: 'Ask for another identity, or unlink this one from the user in `ids` first.',
  },
  IDENTITY_SUPPRESSED: { remedy: 'MEND', action: 'Release the username of the erased user first.' },
  USER_ERASED: { remedy: 'RELOAD', action: 'Read the user again: nothing can be done any more.' },
  SERVICE_USER: { remedy: 'DENY', action: 'Record sign-ins of persons alone (`User.kind`).' },
  NOT_A_SERVICE_USER: {
    remedy: 'DENY',
    action: 'Register a service user (`kind: SERVICE`), and make the key for it.',
  },
  TOO_MANY_API_KEYS: { remedy: 'MEND', action: 'Revoke a key that is not used any more.' },
  SELF_DEACTIVATION: { remedy: 'DENY', action: 'Let somebody else do it.' },
  SELF_ERASURE: { remedy: 'DENY', action: 'Let somebody else do it.' },
  SELF_UNLINKING: { remedy: 'DENY', action: 'Link another identity first, or let somebody else do it.' },
  VERSION_CONFLICT: {
    remedy: 'RELOAD',
    action: 'Read the role again, show what others changed, and save with `currentVersion`.',
  },
  PREVIEW_STALE: {
    remedy: 'RELOAD',
    action: 'Ask for the preview again, show what is different, and send its `basis`. Nothing was written.',
  },
  IDEMPOTENCY_KEY_REUSED: { remedy: 'PROGRAM', action: 'Make a new key for each request of a user.' },
  TOO_MANY: { remedy: 'MEND', action: 'Do it in several parts.' },
  REASON_TOO_LONG: { remedy: 'MEND', action: 'Ask for a shorter reason.' },
  PAST_OBJECT: { remedy: 'RELOAD', action: 'Go to the object as of now, and send its `key`.' },
  INVALID_INPUT: { remedy: 'MEND', action: 'Mend what `field` names; the message says the form.' },
  NOT_FOUND: { remedy: 'RELOAD', action: 'Read the list again: it is gone, or never was there.' },
};
