/** Text in Unicode’s terms: plain text, names, equality of names, and search. */
export { counted } from './counted';
export { beginning, characters, isLonger, plainTextFault, type PlainTextOptions } from './plain';
export {
  asName,
  externalIdFault,
  FOLDING_PREFIX,
  isVisible,
  keysToClaim,
  LONGEST_NAME,
  nameFault,
  nameKey,
  sameName,
  sortKey,
  tidyExternalId,
  tidyName,
  usernameFault,
} from './names';
export { isReasonTooLong, REASON_FORM, REASON_LIMIT, reasonFault } from './reason';
export { hasIgnorables } from './invisible';
export { searchKey } from './search';
