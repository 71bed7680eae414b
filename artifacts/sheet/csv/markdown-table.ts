/** Reads Markdown tables: models write them even when CSV was requested. */

/** The line below the header row: `| --- | :-: |`. */
const DELIMITER_ROW = /^\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?$/;

/** Whether two lines start a table: a header row, and a delimiter row with as many cells. */
export function isTableStart(headerLine: string, delimiterLine: string): boolean {
  if (!headerLine.includes('|') || !DELIMITER_ROW.test(delimiterLine.trim())) return false;
  return splitTableRow(headerLine).length === splitTableRow(delimiterLine).length;
}

/** Returns the cells of a row. */
export function splitTableRow(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  const row = line.trim().replace(/^\|/, '');
  for (let index = 0; index < row.length; index++) {
    const char = row[index] as string;
    if (char === '\\' && row[index + 1] === '|') cell += row[++index];
    else if (char === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  // A trailing pipe ends the row.
  if (cell.trim() !== '' || !row.endsWith('|')) cells.push(cell.trim());
  return cells.map((text) => text.replace(/<br ?\/?>/gi, '\n'));
}

/** Returns the cells if the text is a single Markdown table, else null. */
export function parseMarkdownTable(text: string): string[][] | null {
  const lines = text.trim().split(/\r\n|\n|\r/);
  const [header = '', delimiterRow = '', ...rows] = lines;
  if (!isTableStart(header, delimiterRow) || !rows.every((line) => line.includes('|'))) return null;
  return [header, ...rows].map(splitTableRow);
}
