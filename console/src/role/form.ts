import { createContext, useContext } from 'react';
import type { RoleDraft } from '../draft/role-draft';
import type { Mark } from '../ui/marks/mark';
import type { FormSection } from './sections';

/** Parts of the form that the caller may change. */
export interface FormRights {
  readonly details: boolean;
  readonly permissions: boolean;
  readonly users: boolean;
}

/** The form of a role, as its parts see it. */
export interface RoleForm {
  readonly draft: RoleDraft;
  /** Sets the draft, from the one that there is. */
  readonly edit: (change: (draft: RoleDraft) => RoleDraft) => void;
  readonly sections: readonly FormSection[];
  readonly rights: FormRights;
  /** Marks of the permissions that the change changed which a page of the past shows, by key. */
  readonly marks?: ReadonlyMap<string, Mark>;
}

const Context = createContext<RoleForm | null>(null);
export const RoleFormProvider = Context.Provider;

/** The form around. @throws Error outside of one */
export function useRoleForm(): RoleForm {
  const form = useContext(Context);
  if (!form) throw new Error('There is no form around this component.');
  return form;
}
