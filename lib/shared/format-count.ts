/** Formats a count with its noun, whose plural ends in -s: "1 row", "1,200 rows". */
export function formatCount(count: number, singularNoun: string): string {
  return `${count.toLocaleString('en')} ${singularNoun}${count === 1 ? '' : 's'}`;
}
