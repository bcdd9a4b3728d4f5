/** Text in Unicode’s terms: what is plain text, what is a name, when two names are one, what a search finds. */
export { counted } from './counted';
export { beginning, characters, isLonger, plainTextFault, type PlainTextOptions } from './plain';
export {
  asName,
  isVisible,
  keysToClaim,
  LONGEST_NAME,
  nameFault,
  nameKey,
  sameName,
  sortKey,
  tidyName,
  usernameFault,
} from './names';
export { isReasonTooLong, REASON_LIMIT, reasonFault } from './reason';
export { searchKey } from './search';
