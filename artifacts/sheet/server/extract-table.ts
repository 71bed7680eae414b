/** Extracts a table from model output as CSV; converts Markdown tables. */
import { isTableStart, splitTableRow } from '@/artifacts/sheet/csv/markdown-table';
import { formatCells } from '@/artifacts/sheet/csv/write';
import { isBlankLine, isProse, LineSplitter } from '@/lib/server/documents/code-fences';
import { type ContentChunk, transformChunks } from '@/lib/server/documents/content-chunks';
import { extractFencedBlock } from '@/lib/server/documents/extract-fenced-block';

/** Maximum number of lines before a table. */
const MAX_PREFACE_LINES = 8;
/** A longer line is neither prose before a table nor its header row. */
const MAX_LINE_CHARS = 10_000;

export function extractTable(chunks: AsyncIterable<string>): AsyncGenerator<ContentChunk> {
  return transformChunks(extractFencedBlock(chunks), () => new TableExtractor());
}

class TableExtractor {
  private state: 'preface' | 'plain' | 'table' = 'preface';
  private readonly splitter = new LineSplitter();
  private buffered: string[] = [];

  push(chunk: string): string {
    if (this.isPlain()) return chunk;
    let text = '';
    for (const line of this.splitter.push(chunk)) text += this.readLine(line);
    if (this.state === 'preface' && !mayBeTableLine(this.splitter.rest)) {
      text += this.flush();
    }
    return this.isPlain() ? text + this.splitter.takeRest() : text;
  }

  end(): string {
    const last = this.splitter.takeRest();
    const text = last === '' ? '' : this.readLine(last);
    return text + this.buffered.join('');
  }

  private readLine(line: string): string {
    if (this.state === 'plain') return line;
    if (this.state === 'table') return isBlankLine(line) || isProse(line) ? '' : toCsvRow(line);
    const header = this.buffered.at(-1) ?? '';
    if (isDelimitedRow(line) && this.buffered.every(isIntroduction)) this.buffered = [];
    this.buffered.push(line);
    if (isTableStart(header, line)) {
      this.buffered = [];
      this.state = 'table';
      return toCsvRow(header);
    }
    const isUndecided =
      line.length <= MAX_LINE_CHARS &&
      (isBlankLine(line) || isProse(line) || (line.includes('|') && !header.includes('|')));
    return isUndecided && this.buffered.length <= MAX_PREFACE_LINES ? '' : this.flush();
  }

  private isPlain(): boolean {
    return this.state === 'plain';
  }

  private flush(): string {
    const text = this.buffered.join('');
    this.buffered = [];
    this.state = 'plain';
    return text;
  }
}

/** Whether a line has several delimited cells. */
function isDelimitedRow(line: string): boolean {
  return /[,;\t]/.test(line) && !isProse(line);
}

/** Whether a line only introduces the table: it ends with a colon or is blank. */
function isIntroduction(line: string): boolean {
  return isBlankLine(line) || (isProse(line) && /\s\S+\s\S.*[:：]\s*$/.test(line));
}

/** Whether an incomplete line may become a Markdown row or prose before the table. */
function mayBeTableLine(line: string): boolean {
  if (line.length > MAX_LINE_CHARS) return false;
  return line.includes('|') || isBlankLine(line) || !/[,;\t]/.test(line);
}

function toCsvRow(line: string): string {
  return `${formatCells(splitTableRow(line), ',')}\n`;
}
