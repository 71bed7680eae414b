import { scanRow } from '@/artifacts/sheet/csv/scan';

/** How a file of separated values is written. */
export type CsvDialect = {
  delimiter: string;
  /** What ends a row that has no end of its own yet. */
  lineEnd: string;
  /** What comes before the first row: a byte order mark, and a line that names the delimiter. */
  prefix: string;
  /** Whether the last row has a line end, too. */
  endsWithLineEnd: boolean;
};

/** Spreadsheet programs take a first line like `sep=;` for the name of the delimiter. */
const PREFIX = /^\uFEFF?(?:"?sep=([^"\r\n])"?[ \t]*(?:\r\n|\n|\r|$))?/i;

/** What comes before the first row, and the delimiter that it names. */
export function readPrefix(text: string): { prefix: string; delimiter: string | undefined } {
  const [prefix = '', delimiter] = PREFIX.exec(text) ?? [];
  return { prefix, delimiter };
}

const DELIMITERS = [',', ';', '\t'];
/** Rows that tell enough. */
const SAMPLE_ROWS = 20;

/** The delimiter that makes the first rows most alike, and of several the one that makes most cells. */
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

/** How many of the first rows have the most common number of cells, if that is more than one. */
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
