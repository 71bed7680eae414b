/** Only these leave the page; `javascript:` and its like run in it. */
const SAFE_PROTOCOL = /^(?:https?|mailto|ircs?|xmpp):/i;

/** The address where it is harmless, else ''. Relative ones and fragments are kept. */
export function safeUrl(url: string): string {
  // Browsers pass over control characters and blanks inside a protocol's name.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const bare = url.replace(/[\u0000-\u0020\u007f]+/g, '');
  const colon = bare.indexOf(':');
  const relative = colon === -1 || /[/?#]/.test(bare.slice(0, colon));
  return relative || SAFE_PROTOCOL.test(bare) ? url : '';
}
