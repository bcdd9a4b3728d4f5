import { Link } from '@tanstack/react-router';
import { Fragment, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import {
  PermissionHoldersDocument,
  type BoxFragment,
  type PermissionHoldersQuery,
} from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { addressOf } from '../roles/role-address';
import { Button } from '../ui/controls/Button';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { useKept } from '../ui/use-kept';
import styles from './Holders.module.css';

type Roles = NonNullable<PermissionHoldersQuery['roles']>;
type Users = NonNullable<PermissionHoldersQuery['usersWithPermission']>;

interface RoleName {
  readonly key: string;
  readonly name: string;
}

/** Scopes of a permission, the roles that grant it, and the people who have it, each with the roles that give it. */
export function Holders({ permission }: { readonly permission: BoxFragment }): ReactNode {
  const asOf = asOfArgument(useAsOf());
  const [after, setAfter] = useState<string | undefined>();
  const [{ data, error }, ask] = useQuery({
    query: PermissionHoldersDocument,
    variables: { permission: permission.key, id: permission.id, after, asOf },
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  if (error && !kept) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!kept) return <Skeleton rows={2} />;
  const { roles, usersWithPermission: people } = kept;
  const scopes = kept.node && 'scopes' in kept.node ? kept.node.scopes : [];
  return (
    <dl className={styles.holders}>
      {scopes.length > 0 && (
        <Fact title={t('scopes.title')}>
          <p className={styles.codes}>
            {scopes.map(({ id, name }) => (
              <code key={id}>{name}</code>
            ))}
          </p>
        </Fact>
      )}
      {roles && (
        <Fact title={t('permission.roles')}>
          <Granting {...roles} />
        </Fact>
      )}
      {people && (
        <Fact title={t('permission.people', { count: people.totalCount ?? people.edges.length })}>
          <People edges={people.edges} />
          <Turn after={after} info={people.pageInfo} onTurn={setAfter} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Granting({ nodes, totalCount }: Pick<Roles, 'nodes' | 'totalCount'>): ReactNode {
  if (nodes.length === 0) return t('permission.noRole');
  const more = (totalCount ?? nodes.length) - nodes.length;
  return (
    <>
      <RoleNames roles={nodes} />
      {more > 0 && <> {t('permission.moreRoles', { count: more })}</>}
    </>
  );
}

function People({ edges }: Pick<Users, 'edges'>): ReactNode {
  if (edges.length === 0) return t('permission.nobody');
  return (
    <ul className={styles.people}>
      {edges.map(({ node, via }) => (
        <li key={node.id}>
          <span>
            {node.name} <small>{node.username}</small>
          </span>
          <span className={styles.via}>
            {t('permission.through')} <RoleNames roles={via.map(({ role }) => role)} />
          </span>
        </li>
      ))}
    </ul>
  );
}

interface TurnProps {
  readonly after: string | undefined;
  readonly info: Users['pageInfo'];
  readonly onTurn: (after: string | undefined) => void;
}

function Turn({ after, info, onTurn }: TurnProps): ReactNode {
  const next = info.hasNextPage ? info.endCursor : null;
  if (!next && !after) return null;
  return (
    <p className={styles.turn}>
      {after && <Button onPress={() => onTurn(undefined)}>{t('permission.first')}</Button>}
      {next && <Button onPress={() => onTurn(next)}>{t('pager.next')}</Button>}
    </p>
  );
}

/** Names of roles, each the way to its page. */
function RoleNames({ roles }: { readonly roles: readonly RoleName[] }): ReactNode {
  return roles.map(({ key, name }, index) => (
    <Fragment key={key}>
      {index > 0 && ', '}
      <Link to="/roles/$roleId" params={{ roleId: addressOf(key) }}>
        {name}
      </Link>
    </Fragment>
  ));
}
