/**
 * The type of a property whose class is imported in a circle. Decorator metadata then says `Object` instead of reading
 * a class that is not defined yet, which would crash at load; the decorator itself names the type lazily.
 */
export type Ref<T> = T;
