import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { movedTo } from './past-search';

interface Props {
  /** Undefined: now. */
  readonly at: string | undefined;
  readonly className?: string;
  readonly label?: string;
  readonly current?: boolean;
  readonly onClick?: () => void;
  readonly children?: ReactNode;
}

/** Link to the same page at another moment. */
export function MomentLink({ at, className, label, current, onClick, children }: Props): ReactNode {
  return (
    <Link
      to="."
      search={movedTo(at)}
      resetScroll={false}
      preload={false}
      className={className}
      aria-label={label}
      title={label}
      aria-current={current ? 'true' : undefined}
      activeOptions={{ exact: true }}
      onClick={onClick}
    >
      {children}
    </Link>
  );
}
