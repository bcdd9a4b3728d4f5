import type { AssignmentFragment, UserPageQuery } from '../generated/graphql';

export type UserOfPage = NonNullable<UserPageQuery['user']>;
export type Assignment = AssignmentFragment;
