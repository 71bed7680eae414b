/** What a reader has seen: it turns pieces from the run's start into what is new to it. */
export class LineCursor {
  /** Lines of the log that have passed by, delivered or skipped. */
  position = 0;
  /** True once the run's last line has passed. */
  ended = false;

  /** @param after lines that the reader has already */
  constructor(private readonly after: number) {}

  /** The lines among `lines`, which follow those that passed before, that the reader lacks. */
  advance(lines: string[]): string {
    const skip = Math.max(0, this.after - this.position);
    this.position += lines.length;
    if (lines.at(-1)?.startsWith('d:')) this.ended = true;
    const unread = lines.slice(skip);
    return unread.length === 0 ? '' : `${unread.join('\n')}\n`;
  }
}
