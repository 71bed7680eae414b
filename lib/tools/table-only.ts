/** A table as comma-separated values, also where the model writes it in Markdown. */
import { beginsTable, cellsOfRow } from '@/artifacts/sheet/csv/markdown-table';
import { writeCells } from '@/artifacts/sheet/csv/write';
import { isBlank, isProse, LineCutter } from '@/lib/tools/fences';
import { mapPieces, type Piece } from '@/lib/tools/pieces';
import { programOnly } from '@/lib/tools/program-only';

/** A table may be this many lines behind the beginning of the text. */
const PREFACE_LINES = 8;
/** A longer line is neither prose before a table nor the names of its columns. */
const MAX_LINE_CHARS = 10_000;

export function tableOnly(pieces: AsyncIterable<string>): AsyncGenerator<Piece> {
  return mapPieces(programOnly(pieces), () => new TableReader());
}

class TableReader {
  private state: 'preface' | 'plain' | 'table' = 'preface';
  private readonly cutter = new LineCutter();
  private held: string[] = [];

  add(piece: string): string {
    if (this.isPlain()) return piece;
    let text = '';
    for (const line of this.cutter.add(piece)) text += this.line(line);
    if (this.state === 'preface' && !mayBeOfTable(this.cutter.rest)) {
      text += this.release();
    }
    return this.isPlain() ? text + this.cutter.take() : text;
  }

  end(): string {
    const last = this.cutter.take();
    const text = last === '' ? '' : this.line(last);
    return text + this.held.join('');
  }

  private line(line: string): string {
    if (this.state === 'plain') return line;
    if (this.state === 'table') return isBlank(line) || isProse(line) ? '' : rowOf(line);
    const names = this.held.at(-1) ?? '';
    if (isRow(line) && this.held.every(isIntroduction)) this.held = [];
    this.held.push(line);
    if (beginsTable(names, line)) {
      this.held = [];
      this.state = 'table';
      return rowOf(names);
    }
    const waits =
      line.length <= MAX_LINE_CHARS &&
      (isBlank(line) || isProse(line) || (line.includes('|') && !names.includes('|')));
    return waits && this.held.length <= PREFACE_LINES ? '' : this.release();
  }

  private isPlain(): boolean {
    return this.state === 'plain';
  }

  private release(): string {
    const text = this.held.join('');
    this.held = [];
    this.state = 'plain';
    return text;
  }
}

/** Whether a line has cells beside each other. */
function isRow(line: string): boolean {
  return /[,;\t]/.test(line) && !isProse(line);
}

/** Whether a line before the first row says only what follows: it ends with a colon, or it is blank. */
function isIntroduction(line: string): boolean {
  return isBlank(line) || (isProse(line) && /\s\S+\s\S.*[:：]\s*$/.test(line));
}

/** Whether a line that is not complete may be a row in Markdown, or prose before the table. */
function mayBeOfTable(line: string): boolean {
  if (line.length > MAX_LINE_CHARS) return false;
  return line.includes('|') || isBlank(line) || !/[,;\t]/.test(line);
}

function rowOf(line: string): string {
  return `${writeCells(cellsOfRow(line), ',')}\n`;
}
