/** Tables in Markdown, as models write them where separated values were asked for. */

/** The line below the names of the columns: `| --- | :-: |`. */
const DELIMITER_ROW = /^\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?$/;

/** Whether two lines are the beginning of a table: names of columns, and as many rules. */
export function isTableStart(headerLine: string, delimiterLine: string): boolean {
  if (!headerLine.includes('|') || !DELIMITER_ROW.test(delimiterLine.trim())) return false;
  return splitTableRow(headerLine).length === splitTableRow(delimiterLine).length;
}

/** The cells of a row. */
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
  // A last bar ends the row.
  if (cell.trim() !== '' || !row.endsWith('|')) cells.push(cell.trim());
  return cells.map((text) => text.replace(/<br ?\/?>/gi, '\n'));
}

/** The cells of a text that is a table in Markdown and nothing else; otherwise null. */
export function parseMarkdownTable(text: string): string[][] | null {
  const lines = text.trim().split(/\r\n|\n|\r/);
  const [names = '', rule = '', ...rows] = lines;
  if (!isTableStart(names, rule) || !rows.every((line) => line.includes('|'))) return null;
  return [names, ...rows].map(splitTableRow);
}
