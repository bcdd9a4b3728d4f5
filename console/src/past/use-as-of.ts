import { useSearch } from '@tanstack/react-router';
import type { AsOf } from '../generated/graphql';
import { momentOf, type MomentInAddress } from './moment';

/** Reading of the moment in the address: none, one, or a text that is none. */
export function useMomentInAddress(): MomentInAddress {
  const { asOf } = useSearch({ strict: false });
  return momentOf(asOf, Date.now());
}

/** The moment of the past that the address names, as an instant of ISO 8601 in UTC; undefined: it is now. */
export function useAsOf(): string | undefined {
  const moment = useMomentInAddress();
  return moment.state === 'past' ? moment.at : undefined;
}

/** Time, in milliseconds, that “2 hours ago” counts from: that of the moment shown. */
export const momentShown = (asOf: string | undefined): number =>
  asOf === undefined ? Date.now() : new Date(asOf).getTime();

/** Argument of queries that read as of a moment. */
export const asOfArgument = (asOf: string | undefined): AsOf | undefined =>
  asOf === undefined ? undefined : { time: asOf };
