/** Rows as text columns: numbers to the right, everything else to the left. */
export function asTable(rows, columns) {
  const cells = rows.map((row) => columns.map(({ show }) => String(show(row))));
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index].length)));
  const line = (texts) => texts.map((text, index) => (columns[index].right ? text.padStart(widths[index]) : text.padEnd(widths[index]))).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)].join('\n');
}
