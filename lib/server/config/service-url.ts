import { z } from 'zod';

/**
 * Characters that must be percent-encoded in a user name and a password. Each of them is a
 * delimiter in URLs: unencoded, parts of the password become a host name, a database name or are
 * lost.
 */
const PERCENT_CODES = '@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25, a space is %20';

export const UNENCODED_MESSAGE = `contains a character that must be percent-encoded. In a user name and a password ${PERCENT_CODES}`;

/** Schema of a service URL, with or without credentials. Messages quote no part of the value. */
export const serviceUrl = (...protocols: string[]) =>
  z.string().superRefine((value, context) => {
    const message = validateServiceUrl(value, protocols);
    if (message) context.addIssue({ code: 'custom', message });
  });

function validateServiceUrl(value: string, protocols: string[]): string | null {
  if (!protocols.some((protocol) => value.toLowerCase().startsWith(`${protocol}://`))) {
    return `must be a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  }
  if (hasUnencodedCharacters(value)) return UNENCODED_MESSAGE;
  if (URL.canParse(value) && new URL(value).host) return null;
  // If a URL with credentials cannot be parsed, the cause is most likely in the password.
  return value.includes('@') ? UNENCODED_MESSAGE : 'cannot be read: check its host and its port';
}

/** Whether the URL's user name or password contains a character that is not percent-encoded. */
export function hasUnencodedCharacters(url: string): boolean {
  const withoutScheme = url.slice(url.indexOf('://') + 3);
  const [authority = ''] = withoutScheme.split(/[/?#]/, 1);
  const atCount = withoutScheme.split('@').length - 1;
  return (
    /[\s#]/.test(withoutScheme) ||
    atCount > 1 ||
    (atCount === 1 && !authority.includes('@')) ||
    !isDecodable(withoutScheme)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
