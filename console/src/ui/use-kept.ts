import { useState } from 'react';

/** The last value that was there: rows of a search stay, dimmed, until those of the next are there. */
export function useKept<Value>(value: Value | null | undefined): Value | null | undefined {
  const [kept, setKept] = useState(value);
  if (value !== undefined && value !== null && value !== kept) setKept(value);
  return value ?? kept;
}
