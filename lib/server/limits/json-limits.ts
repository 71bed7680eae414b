/**
 * Limits for untrusted JSON, checked before it is parsed. The cost of `JSON.parse` grows with the
 * number of values, not of characters: 6 MB of brackets block the event loop for seconds, 6 MB of
 * text do not.
 */

export type JsonLimits = {
  /** Maximum nesting of objects and arrays. */
  depth: number;
  /** Maximum total number of values. */
  values: number;
};

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/**
 * Measures a JSON text, whole or in chunks. Takes linear time, is much faster than parsing, and
 * stops once the limits are exceeded.
 */
export class JsonMeter {
  private depth = 0;
  private values = 1;
  private inString = false;
  /** Whether the last character of the previous chunk escapes the next one. */
  private isEscaped = false;
  private hasExceeded = false;

  constructor(private readonly limits: JsonLimits) {}

  /** Whether the text so far, if it is JSON, exceeds the limits. */
  get exceeds(): boolean {
    return this.hasExceeded;
  }

  /** Whether all containers and strings so far are closed and within the limits. */
  get isClosed(): boolean {
    return this.depth <= 0 && !this.inString && !this.hasExceeded;
  }

  /** Consumes the next chunk of the text. */
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

  /**
   * The index after the string that continues at `from`: after its closing quote, or the chunk's
   * end.
   */
  private endOfString(chunk: string, from: number): number {
    // An escaped character neither ends the string nor escapes the next one.
    const start = this.isEscaped && from < chunk.length ? from + 1 : from;
    for (let end = chunk.indexOf('"', start); end !== -1; end = chunk.indexOf('"', end + 1)) {
      if (backslashesBefore(chunk, end, start) % 2 === 1) continue;
      this.inString = false;
      this.isEscaped = false;
      return end + 1;
    }
    this.inString = true;
    // An empty chunk changes nothing.
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

/** Whether the text, if it is JSON, exceeds the limits. */
export function exceedsLimits(json: string, limits: JsonLimits): boolean {
  return new JsonMeter(limits).push(json).exceeds;
}

/** @throws SyntaxError if the text is not JSON or exceeds the limits */
export function parseJsonWithin(json: string, limits: JsonLimits): unknown {
  if (exceedsLimits(json, limits)) throw new SyntaxError('JSON exceeds the size limits');
  return JSON.parse(json);
}
