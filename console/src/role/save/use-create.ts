import { useClient } from 'urql';
import { createInput } from '../../draft/input';
import { NO_EDITS, nameOf, type RoleDraft } from '../../draft/role-draft';
import { CreateRoleDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { announce } from '../../ui/feedback/live';
import { send } from './send';
import { useKey } from './use-key';
import { basisIn, useSaveState } from './use-save';

interface Params {
  readonly draft: RoleDraft;
  readonly edit: (change: (draft: RoleDraft) => RoleDraft) => void;
  readonly onCreated: (id: string) => Promise<void>;
}

/** Creates the role of a draft. */
export function useCreate({ draft, edit, onCreated }: Params) {
  const client = useClient();
  const form = useSaveState();
  const key = useKey(null);

  /** @returns the id of the role; null where there is none */
  const create = async (expectedBasis?: string): Promise<string | null> => {
    if (nameOf(draft).trim() === '') {
      form.refuse([nameRequired()]);
      return null;
    }
    const note = { idempotencyKey: '', reason: form.reason };
    const idempotencyKey = key.keyFor(createInput(draft, note));
    const input = { ...createInput(draft, { ...note, idempotencyKey }), ...basisIn(expectedBasis) };
    let id: string | null = null;
    const refusals = await form.run(
      () => send(client, CreateRoleDocument, { input }, form.waiting),
      ({ createRole }) => {
        id = createRole?.role?.id ?? null;
        return createRole?.errors ?? [];
      },
    );
    if (refusals !== null) key.settle();
    if (refusals?.some(({ code }) => code === 'PREVIEW_STALE')) form.reviewAnew();
    if (id !== null) announce(t('new.done', { name: nameOf(draft) }));
    return id;
  };
  const save = async (basis?: string): Promise<void> => {
    const id = await create(basis);
    if (id === null) return;
    edit(({ base }) => ({ base, edits: NO_EDITS }));
    await onCreated(id);
  };
  /** Creates the role, and goes on with its configuration as a draft of another one. */
  const createAndCopy = async (): Promise<void> => {
    const id = await create();
    if (id === null) return;
    edit((now) => ({
      ...now,
      edits: { ...now.edits, name: t('duplicate.name', { name: nameOf(now) }), assign: {} },
    }));
  };
  return { ...form, save, createAndCopy };
}

/** The refusal that the server would give, without asking it. */
const nameRequired = () => ({
  code: 'NAME_REQUIRED' as const,
  message: t('role.nameRequired'),
  field: ['name'],
  ids: [],
  permissions: [],
  currentVersion: null,
});
