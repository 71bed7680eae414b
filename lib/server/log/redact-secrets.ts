/** Finds secrets in texts from outside the app by their value, in the usual encodings. */

export const REDACTED = '[key]';

/** A shorter secret could be part of an ordinary word. */
const MIN_SECRET_CHARS = 6;
/** A truncated secret is redacted if at least this many characters and half of it are left. */
const MIN_PARTIAL_CHARS = 8;
/** Texts may be escaped several times. */
const MAX_DECODE_ROUNDS = 3;
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/**
 * Returns a function that redacts these secrets in a text: as they are, in upper or lower case,
 * truncated at either end, in JSON, HTML or percent escapes, and in base64 together with
 * surrounding text.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter(({ length }) => length >= MIN_SECRET_CHARS).map(lowerCase);
  if (known.length === 0) return (text) => text;
  const redactPlain = (text: string) => known.reduce(redactSecret, text);
  return (text) => {
    let redacted = redactBase64(redactPlain(text), redactPlain);
    let decoded = redacted;
    for (let round = 0; round < MAX_DECODE_ROUNDS; round++) {
      const next = decodeEscapes(decoded);
      if (next === decoded) break;
      decoded = next;
      const found = redactBase64(redactPlain(decoded), redactPlain);
      // The text keeps its escapes unless they hide a secret.
      if (found !== decoded) redacted = decoded = found;
    }
    return redacted;
  };
}

/** Keeps the length, unlike `toLowerCase`. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Redacts the secret, or a part of it that contains at least its first or its last half. */
function redactSecret(text: string, secret: string): string {
  const partChars = Math.min(
    secret.length,
    Math.max(MIN_PARTIAL_CHARS, Math.ceil(secret.length / 2)),
  );
  const head = secret.slice(0, partChars);
  const tail = secret.slice(-partChars);
  const lower = lowerCase(text);
  let redacted = '';
  let from = 0;
  let headAt = -1;
  let tailAt = -1;
  for (;;) {
    if (headAt < from) headAt = indexFrom(lower, head, from);
    if (tailAt < from) tailAt = indexFrom(lower, tail, from);
    if (headAt === Number.POSITIVE_INFINITY && tailAt === headAt) break;
    let start = headAt;
    let end = headAt + partChars;
    if (headAt <= tailAt) {
      while (end - start < secret.length && lower[end] === secret[end - start]) end += 1;
    } else {
      start = tailAt;
      end = tailAt + partChars;
      while (start > from && lower[start - 1] === secret[secret.length - 1 - (end - start)])
        start--;
    }
    redacted += text.slice(from, start) + REDACTED;
    from = end;
  }
  return redacted + text.slice(from);
}

function indexFrom(text: string, needle: string, from: number): number {
  const at = text.indexOf(needle, from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

/** Redacts base64 words that contain a secret. */
function redactBase64(text: string, redact: (text: string) => string): string {
  return text.replace(BASE64, (word) => {
    const decoded = Buffer.from(word, 'base64').toString('latin1');
    return redact(decoded) === decoded ? word : REDACTED;
  });
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes one level of JSON, HTML and URL escapes. Invalid escapes are kept. */
function decodeEscapes(text: string): string {
  return text
    .replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(["'/\\]))/gi, (_, u, x, char) =>
      char === undefined ? String.fromCharCode(Number.parseInt(u ?? x, 16)) : char,
    )
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(amp|lt|gt|quot|apos));/gi, (_, n, x, name) =>
      name === undefined
        ? String.fromCodePoint(n ? Number(n) : Number.parseInt(x, 16))
        : (ENTITIES[name.toLowerCase()] ?? ''),
    )
    .replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
}
