import DataLoader from 'dataloader';
import { hash } from 'node:crypto';
import type { Grant, RolePreview, RoleRow, UnrecordedChange } from '../../../projections/view';
import { once } from '../../shared/once';
import { globalId, type IdType } from '../global-id';
import { PinnedView, type RoleUsers } from '../pinned-view';

/**
 * A role as a change would leave it. Its id is of no other object, so that no cache takes it for the role that there is,
 * and the role alone is so: users, permissions, actors and history are those of the basis.
 */
export class PreviewedMoment extends PinnedView {
  constructor(
    private readonly basis: PinnedView,
    private readonly change: UnrecordedChange,
    private readonly preview: RolePreview,
  ) {
    super(basis.view, basis.request);
  }

  override get others(): PinnedView {
    return this.basis;
  }

  override get isPresent(): boolean {
    return false;
  }

  override globalId(type: IdType, id: string): string {
    return globalId(type, id, this.mark);
  }

  /** Stands in ids where objects of the past have their position. */
  @once
  private get mark(): string {
    const { role, events } = this.change;
    const text = JSON.stringify([this.basis.shown.position, role, events]);
    return `preview.${hash('sha256', text).slice(0, 24)}`;
  }

  @once
  override get roles(): DataLoader<string, RoleRow | null> {
    return this.instead(this.preview.row(), this.basis.roles);
  }

  @once
  override get grants(): DataLoader<string, readonly Grant[] | null> {
    return this.instead(this.preview.grants, this.basis.grants);
  }

  /** None where the role is edited: all permissions that there are have been decided on. */
  @once
  override get publishedSinceEdit(): DataLoader<string, readonly string[] | null> {
    const { publishedSinceEdit } = this.basis;
    return this.preview.isEdited ? this.instead([], publishedSinceEdit) : publishedSinceEdit;
  }

  override usersOf(role: string): RoleUsers {
    return role === this.change.role ? usersOfPreview(this.preview, 'ALL') : this.basis.usersOf(role);
  }

  private instead<Value>(
    previewed: Value,
    others: DataLoader<string, Value | null>,
  ): DataLoader<string, Value | null> {
    return new DataLoader((ids) =>
      Promise.all(ids.map((id) => (id === this.change.role ? previewed : others.load(id)))),
    );
  }
}

/** Users whom the role would have, or who would join or leave it. */
export const usersOfPreview = (
  preview: RolePreview,
  which: Parameters<RolePreview['users']>[0],
): RoleUsers => ({
  read: (filter, orderBy, page) => preview.users(which, filter, orderBy, page),
  count: (filter) => preview.countUsers(which, filter),
});
