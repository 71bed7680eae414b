/** How models mark their thinking where it comes in one text with the answer. */

export type ThinkSign = { open: string; closers: readonly string[] };

const TAGS = ['</think>', '</thinking>'];

/** Only what stands at the beginning of an answer, or right behind thinking, opens thinking. */
export const THINK_SIGNS: readonly ThinkSign[] = [
  // DeepSeek, Qwen, QwQ and most others; some mix both tags.
  { open: '<think>', closers: TAGS },
  { open: '<thinking>', closers: TAGS },
  // Gemini's OpenAI-compatible endpoint, and models that are trained on it.
  { open: '<thought>', closers: ['</thought>'] },
  { open: '<Thought>', closers: ['</Thought>'] },
  { open: '<reasoning>', closers: ['</reasoning>'] },
  // Seed-OSS, OpenThinker, Kimi-VL, Magistral, Command A, Gemma 4, MedGemma, Apertus.
  { open: '<seed:think>', closers: ['</seed:think>'] },
  { open: '<|begin_of_thought|>', closers: ['<|end_of_thought|>'] },
  { open: '◁think▷', closers: ['◁/think▷'] },
  { open: '[THINK]', closers: ['[/THINK]'] },
  { open: '<|START_THINKING|>', closers: ['<|END_THINKING|>'] },
  { open: '<|channel>thought', closers: ['<channel|>'] },
  { open: '<unused94>thought', closers: ['<unused95>'] },
  { open: '<|inner_prefix|>', closers: ['<|inner_suffix|>'] },
];

/** What closes thinking that the prompt has opened. */
export const ORPHAN_CLOSERS: readonly string[] = [
  ...TAGS,
  ...['</seed:think>', '<|end_of_thought|>', '◁/think▷', '[/THINK]', '<|END_THINKING|>'],
];

/** Signs around the answer itself, behind the thinking. */
export const ANSWER_SIGNS: readonly { open: string; close: string }[] = [
  { open: '<|begin_of_solution|>', close: '<|end_of_solution|>' },
  { open: '<|START_RESPONSE|>', close: '<|END_RESPONSE|>' },
];

/** Length of the end of `text` that may be the beginning of one of `signs`. */
export function partialSign(text: string, signs: readonly string[]): number {
  const longest = Math.max(...signs.map((sign) => sign.length));
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (signs.some((sign) => sign.startsWith(end))) return length;
  }
  return 0;
}

export function isPartial(text: string, signs: readonly string[]): boolean {
  return signs.some((sign) => sign.length > text.length && sign.startsWith(text));
}

/**
 * So much may be held back because what comes could make a sign of it: behind it, white space and
 * beginnings of signs are taken for what they are.
 */
export const MAX_HELD_CHARS = 10_000;

/** Where the first of `signs` stands, from `from` on; of those at one place the first of the list. */
export function findSign(
  text: string,
  signs: readonly string[],
  from = 0,
): { at: number; sign: string } | null {
  const pattern = patternOf(signs);
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found && { at: found.index, sign: found[0] };
}

const patterns = new WeakMap<readonly string[], RegExp>();

/** All signs in one: to look for each by itself passes over the whole text for those that are not there. */
function patternOf(signs: readonly string[]): RegExp {
  const known = patterns.get(signs);
  if (known) return known;
  const literal = (sign: string) => sign.replace(/[\\/^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(signs.map(literal).join('|'), 'g');
  patterns.set(signs, pattern);
  return pattern;
}
