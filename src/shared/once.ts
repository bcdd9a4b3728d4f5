/** Decorator of a getter: the value is made when it is first asked for, and belongs to the object from then on. */
export function once<Value>(
  _prototype: object,
  name: string,
  { get }: TypedPropertyDescriptor<Value>,
): TypedPropertyDescriptor<Value> {
  return {
    configurable: true,
    get(this: object): Value {
      const value = get!.call(this);
      Object.defineProperty(this, name, { value });
      return value;
    },
  };
}
