import { useState } from 'react';
import { useQuery } from 'urql';
import { faultOf, type Fault } from '../../api/fault';
import { createInput, updateInput } from '../../draft/input';
import type { RoleDraft } from '../../draft/role-draft';
import {
  PreviewChangeDocument,
  type PreviewChangeQuery,
  type RoleChangeInput,
} from '../../generated/graphql';
import { FIRST_PAGE, pageOf, type Place } from '../../ui/surfaces/place';
import { useKept } from '../../ui/use-kept';

/** Users of a page. */
export const PAGE_SIZE = 20;

export type Previewed = NonNullable<PreviewChangeQuery['roleChangePreview']>;

/** Exact consequences of a save, as the server decides it; null: they may not be seen. Undefined: on the way. */
export interface Preview {
  readonly previewed: Previewed | null | undefined;
  readonly fault: Fault | null;
  readonly reload: () => void;
  readonly place: Place;
  readonly turn: (place: Place) => void;
}

const NO_NOTE = { idempotencyKey: '', reason: '' };

/** The change that a draft comes to. Reason and key decide nothing: they are left out, so that typing asks nothing anew. */
function changeOf(draft: RoleDraft): RoleChangeInput {
  if (draft.base.id === null) {
    const { idempotencyKey: _, ...createRole } = createInput(draft, NO_NOTE);
    return { createRole };
  }
  const { idempotencyKey: _, ...updateRole } = updateInput(draft, NO_NOTE);
  return { updateRole };
}

/** Asks what saving a draft would do. It is asked anew each time that the review opens. */
export function usePreview(draft: RoleDraft): Preview {
  const [change] = useState(() => changeOf(draft));
  const [place, turn] = useState<Place>(FIRST_PAGE);
  const [{ data, error }, ask] = useQuery({
    query: PreviewChangeDocument,
    variables: { change, ...pageOf(place, PAGE_SIZE) },
    requestPolicy: 'network-only',
  });
  return {
    previewed: useKept(data)?.roleChangePreview,
    fault: error && !data?.roleChangePreview ? faultOf(error) : null,
    reload: () => ask(),
    place,
    turn,
  };
}
