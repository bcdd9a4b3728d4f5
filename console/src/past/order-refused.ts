import type { CombinedError } from '@urql/core';

/** True if a list is too long for its order as of that moment; by name it works as of any. */
export const isOrderRefused = (error: CombinedError | undefined): boolean =>
  error?.graphQLErrors.some(({ extensions }) => extensions.code === 'ORDER_NOT_AS_OF') ?? false;
