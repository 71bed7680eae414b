import { scanRow } from '@/artifacts/sheet/csv/scan';

/** The format of a CSV file. */
export type CsvDialect = {
  delimiter: string;
  /** The line end for new rows. */
  lineEnd: string;
  /** Text before the first row: a byte order mark, and a line that names the delimiter. */
  prefix: string;
  /** Whether the last row ends with a line end. */
  endsWithLineEnd: boolean;
};

/** Spreadsheet programs read a first line like `sep=;` as the delimiter. */
const PREFIX = /^\uFEFF?(?:"?sep=([^"\r\n])"?[ \t]*(?:\r\n|\n|\r|$))?/i;

/** Returns the text before the first row, and the delimiter that it names. */
export function readPrefix(text: string): { prefix: string; delimiter: string | undefined } {
  const [prefix = '', delimiter] = PREFIX.exec(text) ?? [];
  return { prefix, delimiter };
}

const DELIMITERS = [',', ';', '\t'];
/** The rows from which the delimiter is guessed. */
const SAMPLE_ROWS = 20;

/** Returns the delimiter with the most uniform rows; on a tie, the one with the most cells. */
export function guessDelimiter(text: string, from: number): string {
  let best = { delimiter: ',', score: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const { score, width } = scoreDelimiter(text, from, delimiter);
    if (score > best.score || (score === best.score && width > best.width)) {
      best = { delimiter, score, width };
    }
  }
  return best.delimiter;
}

/** The score is the share of rows with the most common cell count; 0 if that count is 1. */
function scoreDelimiter(text: string, from: number, delimiter: string) {
  const counts = new Map<number, number>();
  let rows = 0;
  for (let position = from; position < text.length && rows < SAMPLE_ROWS; rows++) {
    const { cells, next } = scanRow(text, position, delimiter);
    counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
    position = next;
  }
  let commonCount = 0;
  let width = 1;
  for (const [cells, count] of counts)
    if (count > commonCount) [commonCount, width] = [count, cells];
  return { score: width > 1 ? commonCount / rows : 0, width };
}
