/** Only these leave the page; `javascript:` and its like run in it. */
const SAFE_PROTOCOL = /^(?:https?|mailto|ircs?|xmpp):/i;

/** The address where it is harmless, else ''. Relative ones and fragments are kept. */
export function safeUrl(url: string): string {
  // Browsers pass over control characters and blanks inside a protocol's name.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const compactUrl = url.replace(/[\u0000-\u0020\u007f]+/g, '');
  const colon = compactUrl.indexOf(':');
  const isRelative = colon === -1 || /[/?#]/.test(compactUrl.slice(0, colon));
  return isRelative || SAFE_PROTOCOL.test(compactUrl) ? url : '';
}
