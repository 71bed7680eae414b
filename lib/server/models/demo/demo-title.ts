const MAX_WORDS = 6;
const MAX_CHARS = 60;

/** Words that no title ends with, because they need another word after them. */
const UNFINISHED_END =
  /\s+(?:an?|the|my|your|our|its|this|these|of|for|to|in|on|at|by|with|from|about|as|into|and|or|but|that|which|who|if|is|are|was)$/i;

/** A title from the beginning of the user message: all of a short one, else its first clause. */
export function demoTitle(userText: string): string {
  const text = userText
    .replace(/["`#*<>[\]{}]+/g, '')
    .trim()
    .replace(/\s+/g, ' ');
  const isShort = text.split(' ').length <= MAX_WORDS;
  const title = cutAtWord(isShort ? text : firstClause(text));
  return title === '' ? 'A chat with the demo' : title.charAt(0).toUpperCase() + title.slice(1);
}

/** Ends at the first punctuation mark with at least two words before it. */
function firstClause(text: string): string {
  const clause = /^.*? .*?(?=[.,;:!?…](?:\s|$))/.exec(text)?.[0] ?? text;
  return text.charAt(clause.length) === '?' ? `${clause}?` : clause;
}

function cutAtWord(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  const start = text.slice(0, MAX_CHARS + 1);
  let title = start.includes(' ')
    ? start.slice(0, start.lastIndexOf(' '))
    : text.slice(0, MAX_CHARS);
  while (UNFINISHED_END.test(title)) title = title.replace(UNFINISHED_END, '');
  return title.replace(/[.,;:]+$/, '');
}
