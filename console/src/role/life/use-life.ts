import { useQuery } from 'urql';
import { permissionLine } from '../../compare/role-lines';
import {
  LifeOfRoleDocument,
  type LifeOfRoleQuery,
  type LifeStepFragment,
  type RoleDifferenceFragment,
} from '../../generated/graphql';
import { shifted, type Steps } from '../../past/steps';
import { useSteps } from '../../past/use-steps';
import type { Mark } from '../../ui/marks/mark';
import { useKept } from '../../ui/use-kept';

/** The step of a role’s life that is shown, and the ways from it. */
export interface Life {
  /** Number of the step, from 1; null where it is not counted. */
  readonly number: number | null;
  readonly total: number | null;
  readonly step: LifeStepFragment['change'];
  /** Differences that the step made. */
  readonly diff: RoleDifferenceFragment;
  /** Times of the steps to go to; undefined: there is none. */
  readonly ways: Readonly<Record<Way, string | undefined>>;
}

export type Way = 'first' | 'earlier' | 'later' | 'last';

/** The step that a page of the past shows. Undefined: the page is of now, the role was not there, or the caller may not see it. */
export function useLife(role: string, asOf: string | undefined): Life | undefined {
  const steps = useSteps();
  const at = steps?.shown;
  const [{ data }] = useQuery({
    query: LifeOfRoleDocument,
    variables: { role, at: at ?? '', justBefore: at === undefined ? '' : shifted(at, -1) },
    pause: asOf === undefined || at === undefined,
  });
  const kept = useKept(data);
  return asOf === undefined || !kept ? undefined : lifeIn(kept, { asOf, steps });
}

interface Shown {
  readonly asOf: string;
  readonly steps: Steps | null;
}

const timeOf = (step: LifeStepFragment | undefined): string | undefined => step?.change.moment.time;

function lifeIn({ role, then, roleDiff: diff }: LifeOfRoleQuery, { asOf, steps }: Shown): Life | undefined {
  const shown = then?.replay;
  const step = shown?.nodes[0]?.change;
  if (!diff || !shown || !step) return undefined;
  const ends = [role?.first, role?.last].map((list) => timeOf(list?.nodes[0]));
  const [first, last] = ends.map((time) => (time === asOf ? undefined : time));
  return {
    number: shown.totalCount,
    total: role?.first?.totalCount ?? null,
    step,
    diff,
    ways: { first, earlier: steps?.earlier, later: steps?.later, last },
  };
}

/** Marks of the permissions that a step changed, by key. */
export const marksOf = (life: Life | undefined): ReadonlyMap<string, Mark> | undefined =>
  life && new Map(life.diff.permissions.map((one) => [one.key, permissionLine(one).mark]));
