/** Whether this UTF-16 code unit is the first half of a pair: a text must not be cut after it. */
export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
