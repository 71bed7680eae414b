/** Markers that separate reasoning from the answer if both come in one text. */

export type ReasoningMarker = { open: string; closings: readonly string[] };

const THINK_CLOSINGS = ['</think>', '</thinking>'];

/** A marker opens reasoning only at the start of an answer or directly after other reasoning. */
export const REASONING_MARKERS: readonly ReasoningMarker[] = [
  // DeepSeek, Qwen, QwQ and most others; some mix both tags.
  { open: '<think>', closings: THINK_CLOSINGS },
  { open: '<thinking>', closings: THINK_CLOSINGS },
  // Gemini's OpenAI-compatible endpoint, and models that are trained on its output.
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

/** Closing markers of reasoning that the prompt opened. */
export const UNMATCHED_CLOSINGS: readonly string[] = [
  ...THINK_CLOSINGS,
  ...['</seed:think>', '<|end_of_thought|>', '◁/think▷', '[/THINK]', '<|END_THINKING|>'],
];

/** Markers around the answer itself, after the reasoning. */
export const ANSWER_MARKERS: readonly { open: string; close: string }[] = [
  { open: '<|begin_of_solution|>', close: '<|end_of_solution|>' },
  { open: '<|START_RESPONSE|>', close: '<|END_RESPONSE|>' },
];

/** Length of the suffix of `text` that may be the start of one of the markers. */
export function partialMarkerLength(text: string, markers: readonly string[]): number {
  const longest = Math.max(...markers.map((marker) => marker.length));
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
 * Maximum characters buffered because they may become part of a marker. Above it, whitespace and
 * partial markers count as text.
 */
export const MAX_BUFFER_CHARS = 10_000;

/** Finds the first marker from `from` on; of several at one position, the first of the list. */
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

/**
 * One pattern for all markers: a search per marker would scan the whole text for each one that is
 * absent.
 */
function markerPattern(markers: readonly string[]): RegExp {
  const cached = patterns.get(markers);
  if (cached) return cached;
  const literal = (marker: string) => marker.replace(/[\\/^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(markers.map(literal).join('|'), 'g');
  patterns.set(markers, pattern);
  return pattern;
}
