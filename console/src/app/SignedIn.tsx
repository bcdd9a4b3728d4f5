import { useMemo, type ReactNode } from 'react';
import { useQuery } from 'urql';
import type { Session } from '../api/session';
import { CurrentAccountDocument } from '../generated/graphql';
import { SessionProvider } from './session-context';

interface Props {
  readonly session: Session;
  readonly signOut: () => void;
  readonly children: ReactNode;
}

/** Gives the screens the session. */
export function SignedIn({ session, signOut, children }: Props): ReactNode {
  const [{ data }] = useQuery({ query: CurrentAccountDocument });
  const accountName = data?.account?.name ?? '';
  const value = useMemo(() => ({ session, accountName, signOut }), [session, accountName, signOut]);
  return <SessionProvider value={value}>{children}</SessionProvider>;
}
