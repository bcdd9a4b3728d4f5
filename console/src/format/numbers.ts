const plain = new Intl.NumberFormat('en');

/** “1,204”. */
export const count = (value: number): string => plain.format(value);
