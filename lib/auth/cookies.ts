/**
 * One cookie of a Cookie header, as it was sent: `name=value`.
 * @returns null where it is not among them
 */
export function pickCookie(headers: Headers, name: string): string | null {
  const pairs = headers.get('cookie')?.split(';') ?? [];
  return pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`)) ?? null;
}
