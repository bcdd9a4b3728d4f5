/** Path at which the console is served, with a slash at its end: the server writes it into the base element. */
export const basePath: string = new URL(document.baseURI).pathname;

/** Address of one of the console's own routes on the server, as `session`. */
export const served = (name: string): string => `${basePath}${name}`;
