/** Protocols that only navigate; `javascript:` and similar ones run in the page. */
const SAFE_PROTOCOL = /^(?:https?|mailto|ircs?|xmpp):/i;

/** The `rel` of links that a user or a model wrote. */
export const EXTERNAL_REL = 'noopener noreferrer nofollow';

/** Returns the URL if it is safe, otherwise ''. Relative URLs and fragments are safe. */
export function safeUrl(url: string): string {
  // Browsers ignore control characters and spaces inside the protocol.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches control characters
  const compactUrl = url.replace(/[\u0000-\u0020\u007f]+/g, '');
  const colon = compactUrl.indexOf(':');
  const isRelative = colon === -1 || /[/?#]/.test(compactUrl.slice(0, colon));
  return isRelative || SAFE_PROTOCOL.test(compactUrl) ? url : '';
}
