/** The catalogue, compiled by build/messages.js. */
declare module '*/en.json?compiled' {
  const messages: Record<string, unknown>;
  export default messages;
}
declare module '*/en.json?pseudo' {
  const messages: Record<string, unknown>;
  export default messages;
}
