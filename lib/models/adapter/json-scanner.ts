/** Where a JSON object that comes in pieces is complete, told in one pass over its characters. */

export type JsonObjectScanner = {
  /**
   * Looks at one more piece.
   * @returns how many of its characters come before the one that closes the outermost object or
   * array; the piece's length while that has not come. After that always 0.
   */
  feed(text: string): number;
  /** Whether the outermost object or array is closed. */
  readonly complete: boolean;
};

export function createJsonObjectScanner(): JsonObjectScanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let complete = false;

  return {
    feed(text) {
      if (complete) return 0;
      for (let i = 0; i < text.length; i += 1) {
        const char = text[i];
        if (inString) {
          if (escaped) escaped = false;
          else if (char === '\\') escaped = true;
          else if (char === '"') inString = false;
        } else if (char === '"') {
          inString = true;
        } else if (char === '{' || char === '[') {
          depth += 1;
        } else if (char === '}' || char === ']') {
          depth -= 1;
          if (depth <= 0) {
            complete = true;
            return i;
          }
        }
      }
      return text.length;
    },
    get complete() {
      return complete;
    },
  };
}
