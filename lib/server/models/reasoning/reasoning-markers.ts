/** How models mark their thinking where it comes in one text with the answer. */

export type ReasoningMarker = { open: string; closings: readonly string[] };

const THINK_CLOSINGS = ['</think>', '</thinking>'];

/** Only what stands at the beginning of an answer, or right behind thinking, opens thinking. */
export const REASONING_MARKERS: readonly ReasoningMarker[] = [
  // DeepSeek, Qwen, QwQ and most others; some mix both tags.
  { open: '<think>', closings: THINK_CLOSINGS },
  { open: '<thinking>', closings: THINK_CLOSINGS },
  // Gemini's OpenAI-compatible endpoint, and models that are trained on it.
  { open: '<thought>', closings: ['</thought>'] },
  { open: '<Thought>', closings: ['</Thought>'] },
  { open: '<reasoning>', closings: ['</reasoning>'] },
  // Seed-OSS, OpenThinker, Kimi-VL, Magistral, Command A, Gemma 4, MedGemma, Apertus.
  { open: '<seed:think>', closings: ['</seed:think>'] },
  { open: '<|begin_of_thought|>', closings: ['<|end_of_thought|>'] },
  { open: '◁think▷', closings: ['◁/think▷'] },
  { open: '[THINK]', closings: ['[/THINK]'] },
  { open: '<|START_THINKING|>', closings: ['<|END_THINKING|>'] },
  { open: '<|channel>thought', closings: ['<channel|>'] },
  { open: '<unused94>thought', closings: ['<unused95>'] },
  { open: '<|inner_prefix|>', closings: ['<|inner_suffix|>'] },
];

/** What closes thinking that the prompt has opened. */
export const ORPHAN_CLOSINGS: readonly string[] = [
  ...THINK_CLOSINGS,
  ...['</seed:think>', '<|end_of_thought|>', '◁/think▷', '[/THINK]', '<|END_THINKING|>'],
];

/** Signs around the answer itself, behind the thinking. */
export const ANSWER_MARKERS: readonly { open: string; close: string }[] = [
  { open: '<|begin_of_solution|>', close: '<|end_of_solution|>' },
  { open: '<|START_RESPONSE|>', close: '<|END_RESPONSE|>' },
];

/** Length of the end of `text` that may be the beginning of one of `signs`. */
export function partialMarkerLength(text: string, markers: readonly string[]): number {
  const longest = Math.max(...markers.map((sign) => sign.length));
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (markers.some((marker) => marker.startsWith(end))) return length;
  }
  return 0;
}

export function isMarkerPrefix(text: string, markers: readonly string[]): boolean {
  return markers.some((marker) => marker.length > text.length && marker.startsWith(text));
}

/**
 * So much may be held back because what comes could make a sign of it: behind it, white space and
 * beginnings of signs are taken for what they are.
 */
export const MAX_BUFFER_CHARS = 10_000;

/** Where the first of `signs` stands, from `from` on; of those at one place the first of the list. */
export function findMarker(
  text: string,
  markers: readonly string[],
  from = 0,
): { at: number; marker: string } | null {
  const pattern = markerPattern(markers);
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found && { at: found.index, marker: found[0] };
}

const patterns = new WeakMap<readonly string[], RegExp>();

/** All signs in one: to look for each by itself passes over the whole text for those that are not there. */
function markerPattern(markers: readonly string[]): RegExp {
  const cached = patterns.get(markers);
  if (cached) return cached;
  const literal = (sign: string) => sign.replace(/[\\/^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(markers.map(literal).join('|'), 'g');
  patterns.set(markers, pattern);
  return pattern;
}
