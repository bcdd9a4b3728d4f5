import { watchedGuard, type Guard } from '../guard';
import type { RateLimits } from './rate-limits';

/** Makes a guard answer 429 in place of 401 to addresses that keep sending tokens which fail. */
export const limitFailures = (guard: Guard, limits: RateLimits): Guard =>
  watchedGuard(guard, ({ ip }) => limits.failure(ip));
