import { Arg, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CatalogueDiffRow } from '../../../projections/view';
import type { CatalogueList } from '../../domain/catalogue/catalogue';
import { once } from '../../shared/once';
import { VIEW_HISTORY } from '../caller';
import { Guarded } from '../guard';
import { HistoryEntry } from '../history/history.type';
import { Cost } from '../limits/field-cost';
import { Moment } from '../moment.type';
import type { PinnedView } from '../pinned-view';

export const CatalogueEntryKind = {
  GROUP: 'groups',
  FEATURE: 'features',
  SCOPE: 'scopes',
  SECTION: 'sections',
  PERMISSION: 'permissions',
  DEFAULT_ROLE: 'defaultRoles',
  CONFLICT: 'conflicts',
  ROLE_TEMPLATE: 'roleTemplates',
} as const satisfies Record<string, CatalogueList>;
registerEnumType(CatalogueEntryKind, {
  name: 'CatalogueEntryKind',
  description: 'Kinds of entries of the catalogue.',
  valuesConfig: {
    GROUP: { description: 'A group of default roles.' },
    FEATURE: { description: 'A feature that an account can have.' },
    SCOPE: { description: 'A scope.' },
    SECTION: { description: 'A section of permissions.' },
    PERMISSION: { description: 'A permission.' },
    DEFAULT_ROLE: { description: 'A default role.' },
    CONFLICT: { description: 'A pair of default roles that no user may hold together.' },
    ROLE_TEMPLATE: { description: 'A suggestion for a custom role.' },
  },
});

export const CatalogueEntryChange = { ADDED: 'ADDED', CHANGED: 'CHANGED', RETIRED: 'RETIRED' } as const;
export type CatalogueEntryChange = keyof typeof CatalogueEntryChange;
registerEnumType(CatalogueEntryChange, {
  name: 'CatalogueEntryChange',
  description: 'Kinds of differences of an entry of the catalogue.',
  valuesConfig: {
    ADDED: { description: 'Only the later catalogue has it: it is new, or was taken up again.' },
    CHANGED: { description: 'Both have it, and it differs.' },
    RETIRED: { description: 'Only the earlier catalogue has it.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'One field in which an entry of the catalogue differs: a text, or a list.',
})
export class CatalogueFieldDiff {
  @Field(() => String, { description: 'Name of the field in the catalogue file.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its text in the earlier catalogue; null where there is none, and of a list.',
  })
  before!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its text in the later catalogue; null where there is none, and of a list.',
  })
  after!: string | null;

  @Field(() => [String], { description: 'Items that only the later catalogue has in the list.' })
  added!: readonly string[];

  @Field(() => [String], { description: 'Items that only the earlier catalogue has in the list.' })
  removed!: readonly string[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    'An entry that only one of the two catalogues has, or that differs. Its place in the file counts for nothing.',
})
export class CatalogueEntryDiff {
  constructor(
    private readonly row: CatalogueDiffRow,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => CatalogueEntryKind, { description: 'Kind of the entry.' })
  get kind(): CatalogueList {
    return this.row.list;
  }

  @Field(() => String, { description: 'Key of the entry; name of a scope; both roles of a conflict.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => String, {
    description:
      'Name of the entry, the later one of two; description of a permission, reason of a conflict.',
  })
  get name(): string {
    return this.row.name;
  }

  @Field(() => CatalogueEntryChange, { description: 'Kind of the difference.' })
  get change(): CatalogueEntryChange {
    return this.row.change;
  }

  @Field(() => [CatalogueFieldDiff], {
    description: 'Fields that differ; of an entry of one side all that are not empty.',
  })
  @Cost({ size: 4 })
  get fields(): readonly CatalogueFieldDiff[] {
    return this.row.fields;
  }

  @Field(() => [HistoryEntry], {
    nullable: true,
    description:
      'Publications between the two moments that changed the entry, oldest first: also those that took back what another had changed. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 5, size: 1 })
  async publications(): Promise<HistoryEntry[]> {
    const entries = this.row.publications.map((ordinal) => HistoryEntry.ofEvent(this.moment, ordinal));
    return (await Promise.all(entries)).filter((entry) => entry !== null);
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'Differences between the catalogues of two moments.',
})
export class CatalogueDiff {
  constructor(
    private readonly earlier: PinnedView,
    private readonly later: PinnedView,
  ) {}

  @Field(() => Moment, { description: 'The earlier moment.' })
  get from(): Moment {
    return this.earlier.shown;
  }

  @Field(() => Moment, { description: 'The later moment; where none was given that of this request.' })
  get to(): Moment {
    return this.later.shown;
  }

  @Field(() => Int, { description: 'Version of the earlier catalogue; 0 where none was published yet.' })
  get fromVersion(): number {
    return this.earlier.catalogue.version;
  }

  @Field(() => Int, { description: 'Version of the later catalogue.' })
  get toVersion(): number {
    return this.later.catalogue.version;
  }

  @Field(() => [CatalogueEntryDiff], {
    description:
      'Entries that differ, kind by kind, in the order of the later catalogue; those that it does not have are the last ones of their kind.',
  })
  @Cost({ work: 100, size: 20 })
  async entries(
    @Arg('kinds', () => [CatalogueEntryKind], {
      nullable: true,
      description: 'Only entries of these kinds; left out: all. An empty list: none.',
    })
    kinds?: readonly CatalogueList[] | null,
  ): Promise<CatalogueEntryDiff[]> {
    return (await this.rows)
      .filter(({ list }) => kinds == null || kinds.includes(list))
      .map((row) => new CatalogueEntryDiff(row, this.later));
  }

  @once
  private get rows(): Promise<readonly CatalogueDiffRow[]> {
    return this.later.view.catalogueDiff(this.earlier.view.pin.ordinal);
  }
}
