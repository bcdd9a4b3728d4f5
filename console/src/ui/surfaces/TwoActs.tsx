import type { ReactNode } from 'react';
import { Button } from '../controls/Button';

/** An act at the foot of a dialog. */
export interface Act {
  readonly label: string;
  readonly act: () => void;
  readonly isDisabled?: boolean;
  readonly isPending?: boolean;
}

interface Props {
  readonly first: Act;
  readonly second: Act;
  /** The second act takes something away: the first one has the focus then, else the second. */
  readonly takesAway?: boolean;
}

/** Foot of a dialog that asks: two acts, of which the harmless one has the focus. */
export function TwoActs({ first, second, takesAway = false }: Props): ReactNode {
  return (
    <>
      <Button
        look="plain"
        isDisabled={first.isDisabled}
        isPending={first.isPending}
        onPress={first.act}
        autoFocus={takesAway}
      >
        {first.label}
      </Button>
      <Button
        look={takesAway ? 'danger' : 'primary'}
        isDisabled={second.isDisabled}
        isPending={second.isPending}
        onPress={second.act}
        autoFocus={!takesAway}
      >
        {second.label}
      </Button>
    </>
  );
}
