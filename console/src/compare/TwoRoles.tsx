import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RoleAtMomentFragment, RoleDifferenceFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { addressOf, idOf } from '../roles/role-address';
import { Empty } from '../ui/feedback/Empty';
import { Beside } from './Beside';
import type { DiffLine } from './cause-groups';
import { DiffLines } from './DiffLines';
import { DiffSection } from './DiffSection';
import { roleFigures } from './role-figures';
import { memberLine, permissionLine } from './role-lines';
import { RoleDiffState } from './RoleDiffState';
import { useRoleDiff } from './use-role-diff';

interface Props {
  readonly roleId: string;
  readonly otherRoleId: string;
}

/** Two roles side by side: what one has and the other has not. */
export function TwoRoles({ roleId, otherRoleId }: Props): ReactNode {
  const asOf = asOfArgument(useAsOf());
  const asked = useRoleDiff({
    base: { role: idOf(roleId), asOf },
    target: { role: idOf(otherRoleId), asOf },
    causes: false,
  });
  const { diff } = asked;
  if (!diff?.base || !diff.target) return <RoleDiffState asked={asked} />;
  const { base, target } = diff;
  const parts = partsOf(diff, base.name, target.name);
  return (
    <>
      <Beside
        label={t('compare.figures')}
        left={<RoleLink role={base} />}
        right={<RoleLink role={target} />}
        figures={[
          {
            label: t('roles.column.kind'),
            left: kindOf(base),
            right: kindOf(target),
            isSame: base.kind === target.kind,
          },
          ...roleFigures(base, target),
        ]}
      />
      {parts.every(({ lines }) => lines.length === 0) && <Empty title={t('compare.alike')} />}
      {parts.map(
        ({ title, lines, number }) =>
          lines.length > 0 && (
            <DiffSection key={title} title={title} number={number}>
              <DiffLines label={title} lines={lines} />
            </DiffSection>
          ),
      )}
    </>
  );
}

const kindOf = ({ kind }: RoleAtMomentFragment): string =>
  t(kind === 'CUSTOM' ? 'roles.custom' : 'roles.default');

function RoleLink({ role }: { readonly role: RoleAtMomentFragment }): ReactNode {
  return (
    <Link to="/roles/$roleId" params={{ roleId: addressOf(role.key) }}>
      {role.name}
    </Link>
  );
}

interface Part {
  readonly title: string;
  readonly number: number;
  readonly lines: readonly DiffLine[];
}

function partsOf(
  { permissions, gainedUsers, lostUsers }: RoleDifferenceFragment,
  left: string,
  right: string,
): Part[] {
  const granted = (change: 'GRANTED' | 'REVOKED' | 'SCOPES'): DiffLine[] =>
    permissions
      .filter((one) => one.change === change)
      .map((one) => ({ ...permissionLine(one), mark: change === 'SCOPES' ? 'changed' : null }));
  const part = (title: string, lines: readonly DiffLine[], number = lines.length): Part => ({
    title,
    number,
    lines,
  });
  return [
    part(t('compare.onlyPermissions', { role: left }), granted('REVOKED')),
    part(t('compare.onlyPermissions', { role: right }), granted('GRANTED')),
    part(t('compare.otherScopes'), granted('SCOPES')),
    part(
      t('compare.onlyUsers', { role: left }),
      (lostUsers?.nodes ?? []).map((one) => memberLine(null, one)),
      lostUsers?.totalCount ?? undefined,
    ),
    part(
      t('compare.onlyUsers', { role: right }),
      (gainedUsers?.nodes ?? []).map((one) => memberLine(null, one)),
      gainedUsers?.totalCount ?? undefined,
    ),
  ];
}
