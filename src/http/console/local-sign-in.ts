import { SignInFailure } from './failure-page';
import type { SignedIn } from './sessions';
import type { SignInCodes } from './sign-in-codes';

/** Sign-in of local mode: by a link with a code. */

const NEXT = 'Make a new link with: npx rolebook console link <username>';

/** Uses the code of a link up: who is signed in by it, or why nobody is. */
export async function signInByCode(codes: SignInCodes, code: unknown): Promise<SignedIn | SignInFailure> {
  if (typeof code !== 'string' || code === '')
    return new SignInFailure(
      'You sign in by the link that the server printed when it was started.',
      NEXT,
      400,
    );
  const used = await codes.use(code);
  if (typeof used === 'string') return new SignInFailure(used, NEXT);
  const { account, user } = used;
  return { account, user, identity: null };
}
