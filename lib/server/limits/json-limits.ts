/**
 * Limits of JSON that others wrote, checked before it is parsed. `JSON.parse` takes its time for each
 * value, not for each character: 6 MB of brackets hold up everybody for seconds, 6 MB of text do not.
 */

export type JsonLimits = {
  /** Objects and arrays within one another. */
  depth: number;
  /** Values in all. */
  values: number;
};

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/**
 * Measures a JSON text that comes whole or in pieces. Linear, much faster than parsing, and done with
 * the text once that is beyond the limits.
 */
export class JsonMeter {
  private depth = 0;
  private values = 1;
  private inString = false;
  /** Whether the next character is escaped by the last one of the piece before. */
  private isEscaped = false;
  private hasExceeded = false;

  constructor(private readonly limits: JsonLimits) {}

  /** Whether the text so far, if it is JSON, is beyond the limits. */
  get exceeds(): boolean {
    return this.hasExceeded;
  }

  /** Whether all that was opened so far is closed, strings too, and within the limits. */
  get isClosed(): boolean {
    return this.depth <= 0 && !this.inString && !this.hasExceeded;
  }

  /** Takes the next piece of the text. */
  push(chunk: string): this {
    let index = this.inString ? this.endOfString(chunk, 0) : 0;
    for (; index < chunk.length && !this.hasExceeded; index += 1) {
      const code = chunk.charCodeAt(index);
      if (code === QUOTE) index = this.endOfString(chunk, index + 1) - 1;
      else this.countChar(code);
    }
    return this;
  }

  private countChar(code: number): void {
    if (code === COMMA) {
      this.values += 1;
    } else if (code === 91 /* [ */ || code === 123 /* { */) {
      this.depth += 1;
      this.values += 1;
    } else if (code === 93 /* ] */ || code === 125 /* } */) {
      this.depth -= 1;
    }
    this.hasExceeded = this.depth > this.limits.depth || this.values > this.limits.values;
  }

  /** Where the string that goes on at `from` has ended: behind its quotation mark, or with the piece. */
  private endOfString(chunk: string, from: number): number {
    // A character that is escaped ends nothing, and escapes nothing.
    const start = this.isEscaped && from < chunk.length ? from + 1 : from;
    for (let end = chunk.indexOf('"', start); end !== -1; end = chunk.indexOf('"', end + 1)) {
      if (backslashesBefore(chunk, end, start) % 2 === 1) continue;
      this.inString = false;
      this.isEscaped = false;
      return end + 1;
    }
    this.inString = true;
    // An empty piece changes nothing.
    if (from < chunk.length) {
      this.isEscaped = backslashesBefore(chunk, chunk.length, start) % 2 === 1;
    }
    return chunk.length;
  }
}

function backslashesBefore(text: string, end: number, start: number): number {
  let count = 0;
  while (end - 1 - count >= start && text.charCodeAt(end - 1 - count) === BACKSLASH) count += 1;
  return count;
}

/** Whether the text, if it is JSON, is beyond the limits. */
export function exceedsLimits(json: string, limits: JsonLimits): boolean {
  return new JsonMeter(limits).push(json).exceeds;
}

/** @throws SyntaxError where the text is no JSON, or beyond the limits */
export function parseJsonWithin(json: string, limits: JsonLimits): unknown {
  if (exceedsLimits(json, limits)) throw new SyntaxError('JSON beyond the limits of its size');
  return JSON.parse(json);
}
