/** A reader's position in a log that is read from its start: filters out lines the reader has. */
export class LineCursor {
  /** Number of lines read from the log, returned or skipped. */
  position = 0;
  /** True once the run's last line was read. */
  ended = false;

  /** @param after number of lines that the reader already has */
  constructor(private readonly after: number) {}

  /**
   * Advances by the next lines of the log. Returns those that the reader does not have, each with
   * its newline.
   */
  advance(lines: string[]): string {
    const skip = Math.max(0, this.after - this.position);
    this.position += lines.length;
    if (lines.at(-1)?.startsWith('d:')) this.ended = true;
    const unread = lines.slice(skip);
    return unread.length === 0 ? '' : `${unread.join('\n')}\n`;
  }
}
