/** One line of CSV (RFC 4180): a field is quoted where it has to be, and where a reader might strip blanks at its ends. */
export const csvLine = (fields: readonly string[]): string => fields.map(quoted).join(',');

const quoted = (field: string): string =>
  /[",\n\r]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
