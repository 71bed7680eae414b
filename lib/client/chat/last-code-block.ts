const OPENING_FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;

/** Returns the content of the last fenced code block in Markdown, also of an unfinished one. */
export function lastCodeBlock(markdown: string): string | undefined {
  let fence: string | null = null;
  let lines: string[] = [];
  let last: string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (fence === null) {
      const opening = OPENING_FENCE.exec(line);
      if (!opening) continue;
      fence = opening[1] ?? '';
      lines = [];
      last = lines;
    } else if (isClosingFence(line, fence)) {
      fence = null;
    } else {
      lines.push(line);
    }
  }
  return last?.join('\n');
}

function isClosingFence(line: string, opening: string): boolean {
  const marks = line.trim();
  const isIndentedCode = line.startsWith('    ');
  return (
    !isIndentedCode && marks.length >= opening.length && marks === opening[0]?.repeat(marks.length)
  );
}
