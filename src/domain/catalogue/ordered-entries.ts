/**
 * Entries of one kind while a publication is applied: a defined entry is inserted at its index, a retired one moves to
 * the end. Mutable, but only for the length of one fold; nothing outside sees it change.
 */
export class OrderedEntries<T> {
  private readonly present = new Map<string, { readonly item: T; readonly order: number }>();
  private readonly gone = new Map<string, T>();

  constructor(
    items: readonly T[],
    private readonly id: (item: T) => string,
  ) {
    for (const [order, item] of items.entries()) {
      if ((item as { retired?: boolean }).retired) this.gone.set(id(item), item);
      else this.present.set(id(item), { item, order });
    }
  }

  define(item: T, order: number): void {
    this.gone.delete(this.id(item));
    this.present.set(this.id(item), { item, order });
  }

  /** Retires an entry to the end of the list, in the given form; without one it is removed. */
  remove(id: string, retired?: (item: T) => T): void {
    const entry = this.present.get(id);
    if (!entry) return;
    this.present.delete(id);
    if (retired) this.gone.set(id, retired(entry.item));
  }

  list(): T[] {
    const present = [...this.present.values()].sort((a, b) => a.order - b.order);
    return [...present.map(({ item }) => item), ...this.gone.values()];
  }
}
