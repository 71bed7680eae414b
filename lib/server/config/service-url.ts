import { z } from 'zod';

/**
 * What a URL with a user name and a password must not hold as it is. Each of them ends or moves a part
 * of the URL, so that pieces of the password become a host name, a database or nothing.
 */
const PERCENT_CODES = '@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25, a space is %20';

export const UNENCODED_MESSAGE = `holds a character that must be written as its code. In a user name and a password ${PERCENT_CODES}`;

/** The URL of a service, with or without a user name and a password. Messages repeat nothing of it. */
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
  // Whatever makes an authority with a password unreadable is most likely within the password.
  return value.includes('@') ? UNENCODED_MESSAGE : 'cannot be read: check its host and its port';
}

/** Whether a user name or a password in the URL holds a character that was not encoded. */
export function hasUnencodedCharacters(url: string): boolean {
  const withoutScheme = url.slice(url.indexOf('://') + 3);
  const [authority = ''] = withoutScheme.split(/[/?#]/, 1);
  const ats = withoutScheme.split('@').length - 1;
  return (
    /[\s#]/.test(withoutScheme) ||
    ats > 1 ||
    (ats === 1 && !authority.includes('@')) ||
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
