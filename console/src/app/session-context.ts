import { createContext, useContext } from 'react';
import type { Session } from '../api/session';

/** The session, as every screen may ask for it. */
export interface SessionContext {
  readonly session: Session;
  /** Name of the account, once it is known. */
  readonly accountName: string;
  readonly signOut: () => void;
}

const Context = createContext<SessionContext | null>(null);
export const SessionProvider = Context.Provider;

/** The session. @throws Error outside of a page that is signed in */
export function useSession(): SessionContext {
  const context = useContext(Context);
  if (!context) throw new Error('There is no session around this component.');
  return context;
}
