import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Fault } from '../api/fault';
import { FaultNote } from '../ui/feedback/FaultNote';

const faultIn = (error: unknown): Fault => ({ kind: 'broken', message: String(error), requestId: null });

/** Error boundary of a screen: the rest of the console stays usable. */
export function ScreenError({ error, reset }: ErrorComponentProps): ReactNode {
  return <FaultNote fault={faultIn(error)} onRetry={reset} />;
}
