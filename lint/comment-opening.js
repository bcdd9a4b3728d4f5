'use strict';
/**
 * Forbids comments and schema descriptions that open without their noun or verb ("Who asks.", "So many at once"): a reader
 * has to guess the subject, and a search for it finds nothing.
 */

const HEADLESS =
  /^(?:What|Whatever|Who|Whom|Whoever|Whose|Whether|Which|Where|Of|How|So many|So much|So long|By|As|That)\b/;

/** Text of a comment as it is read: without its stars, tags and list marks. */
const opening = (text) =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, ''))
    .join(' ')
    .trim();

/** Comments of `//` on lines that follow one another are one. */
function joined(comments) {
  const list = [];
  for (const comment of comments) {
    const before = list.at(-1);
    const follows =
      before?.type === 'Line' &&
      comment.type === 'Line' &&
      before.loc.end.line + 1 === comment.loc.start.line &&
      before.loc.start.column === comment.loc.start.column;
    if (follows)
      list[list.length - 1] = { ...before, loc: { start: before.loc.start, end: comment.loc.end } };
    else list.push(comment);
  }
  return list;
}

function ruleOf(message, visitors) {
  return {
    meta: { type: 'suggestion', schema: [], messages: { headless: message } },
    create: (context) =>
      visitors(context, (node, text) => {
        const [word] = HEADLESS.exec(opening(text)) ?? [];
        if (word) context.report({ loc: node.loc, messageId: 'headless', data: { word } });
      }),
  };
}

module.exports = {
  rules: {
    'comment-opening': ruleOf(
      'Begin the comment with a verb or a noun, not with "{{word}}" (docs/glossary.md).',
      (context, check) => ({
        Program() {
          for (const comment of joined(context.sourceCode.getAllComments())) check(comment, comment.value);
        },
      }),
    ),
    /** For rooms whose `description` properties are published: of the schema, of events, of settings. */
    'description-opening': ruleOf(
      'Begin the description with its noun, not with "{{word}}".',
      (_, check) => ({
        'Property[key.name="description"]'({ value }) {
          if (value.type === 'Literal' && typeof value.value === 'string') check(value, value.value);
          if (value.type === 'TemplateLiteral') check(value, value.quasis[0].value.cooked);
        },
      }),
    ),
  },
};
