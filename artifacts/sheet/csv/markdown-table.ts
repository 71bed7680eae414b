/** Tables in Markdown, as models write them where separated values were asked for. */

/** The line below the names of the columns: `| --- | :-: |`. */
const RULE = /^\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?$/;

/** Whether two lines are the beginning of a table: names of columns, and as many rules. */
export function beginsTable(names: string, rule: string): boolean {
  if (!names.includes('|') || !RULE.test(rule.trim())) return false;
  return cellsOfRow(names).length === cellsOfRow(rule).length;
}

/** The cells of a row. */
export function cellsOfRow(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  const row = line.trim().replace(/^\|/, '');
  for (let at = 0; at < row.length; at++) {
    const char = row[at] as string;
    if (char === '\\' && row[at + 1] === '|') cell += row[++at];
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
export function tableOfMarkdown(text: string): string[][] | null {
  const lines = text.trim().split(/\r\n|\n|\r/);
  const [names = '', rule = '', ...rows] = lines;
  if (!beginsTable(names, rule) || !rows.every((line) => line.includes('|'))) return null;
  return [names, ...rows].map(cellsOfRow);
}
