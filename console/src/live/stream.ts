import { createClient } from 'graphql-ws';
import type { OpenStream } from './share';

/** The socket by which the server says that something of the account changed. */

const CHANGED = 'subscription($after:Position){accountChanged(afterPosition:$after){position}}';

type Answer = { readonly accountChanged: { readonly position: string } | null };

/** The session of this browser comes with the upgrade. */
export const openStream: OpenStream = ({ after, onPosition, onEnd }) => {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({ url: url.href, retryAttempts: 0 });
  client.subscribe<Answer>(
    { query: CHANGED, variables: { after } },
    {
      next({ data }) {
        if (data?.accountChanged) onPosition(data.accountChanged.position);
      },
      error: (error) => onEnd(isForeign(error)),
      complete: () => onEnd(false),
    },
  );
  return () => void client.dispose();
};

/** True where the log was restored from an older copy, or is another one. */
function isForeign(error: unknown): boolean {
  if (!Array.isArray(error)) return false;
  const codes = error.map(({ extensions }: { extensions?: { code?: string } }) => extensions?.code ?? '');
  return codes.some((code) => code.startsWith('POSITION_') || code === 'BAD_USER_INPUT');
}
