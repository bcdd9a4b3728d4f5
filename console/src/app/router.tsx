import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { auditSearch } from '../audit/audit-search';
import { compareSearch } from '../compare/compare-search';
import { keepMoment, pastSearch } from '../past/past-search';
import { permissionsSearch } from '../permissions/permissions-search';
import { listSearch } from '../roles/list-search';
import { RolesScreen } from '../roles/RolesScreen';
import { roleSearch } from '../role/role-search';
import { userPageSearch } from '../user/user-page-search';
import { userListSearch } from '../users/user-search';
import { basePath } from './base-path';
import { NotFound } from './NotFound';
import { ScreenError } from './ScreenError';
import { Shell } from './shell/Shell';

/** Routes of the console. The list of roles is the first view; every other screen is loaded on demand. */
const root = createRootRoute({
  validateSearch: pastSearch,
  search: { middlewares: [keepMoment] },
  component: Shell,
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/roles' });
  },
});

const roles = createRoute({
  getParentRoute: () => root,
  path: '/roles',
  validateSearch: listSearch,
  component: RolesScreen,
});

const newRole = createRoute({
  getParentRoute: () => root,
  path: '/roles/new',
  validateSearch: roleSearch,
  component: lazyRouteComponent(() => import('../role/NewRoleScreen'), 'NewRoleScreen'),
});

const role = createRoute({
  getParentRoute: () => root,
  path: '/roles/$roleId',
  validateSearch: roleSearch,
  component: lazyRouteComponent(() => import('../role/RoleScreen'), 'RoleScreen'),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: userListSearch,
  component: lazyRouteComponent(() => import('../users/UsersScreen'), 'UsersScreen'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$userId',
  validateSearch: userPageSearch,
  component: lazyRouteComponent(() => import('../user/UserScreen'), 'UserScreen'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../audit/AuditScreen'), 'AuditScreen'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import('../compare/CompareScreen'), 'CompareScreen'),
});

const permissions = createRoute({
  getParentRoute: () => root,
  path: '/permissions',
  validateSearch: permissionsSearch,
  component: lazyRouteComponent(() => import('../permissions/PermissionsScreen'), 'PermissionsScreen'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/AccountScreen'), 'AccountScreen'),
});

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profile',
  validateSearch: userPageSearch,
  component: lazyRouteComponent(() => import('../profile/ProfileScreen'), 'ProfileScreen'),
});

const kit = createRoute({
  getParentRoute: () => root,
  path: '/_kit',
  component: lazyRouteComponent(() => import('../kit/KitScreen'), 'KitScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    roles,
    newRole,
    role,
    users,
    user,
    audit,
    compare,
    permissions,
    account,
    profile,
    kit,
  ]),
  basepath: basePath,
  defaultErrorComponent: ScreenError,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
