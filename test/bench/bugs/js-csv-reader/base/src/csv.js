/**
 * Reads and writes comma separated values.
 *
 * - Rows end with LF or CRLF; the last one may lack its end.
 * - A field in double quotes may hold delimiters, line ends and, doubled, double quotes.
 * - A quote within an unquoted field stands for itself.
 */

export class CsvError extends Error {
  constructor(message, line) {
    super(`Line ${line}: ${message}`);
    this.name = 'CsvError';
    this.line = line;
  }
}

const START = 0;
const UNQUOTED = 1;
const QUOTED = 2;
const AFTER_QUOTED = 3;

/**
 * All rows as arrays of strings. An empty line is a row with one empty field.
 * @param {string} text
 * @param {{ delimiter?: string }} [options]
 * @returns {string[][]}
 */
export function parseRows(text, { delimiter = ',' } = {}) {
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) throw new RangeError('A delimiter is one character other than a quote or a line end.');
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows = [];
  let row = [];
  let field = '';
  let state = START;
  let line = 1;

  const endField = () => {
    row.push(field);
    field = '';
    state = START;
  };
  const endRow = () => {
    endField();
    rows.push(row);
    row = [];
  };

  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    if (char === '\n') line++;

    if (state === QUOTED) {
      if (char !== '"') {
        field += char;
      } else {
        state = AFTER_QUOTED;
      }
      continue;
    }

    if (char === delimiter) {
      endField();
    } else if (char === '\n') {
      endRow();
    } else if (char === '\r' && source[i + 1] === '\n') {
      continue;
    } else if (state === AFTER_QUOTED) {
      throw new CsvError(`unexpected "${char}" after a closing quote`, line);
    } else if (char === '"' && state === START) {
      state = QUOTED;
    } else {
      field += char;
      state = UNQUOTED;
    }
  }

  if (state === QUOTED) throw new CsvError('a quoted field does not end', line);
  if (state !== START || row.length > 0) endRow();
  return rows;
}

/**
 * Rows as objects, with the first row as the names. Missing fields are empty, superfluous ones an error.
 * @returns {Record<string, string>[]}
 */
export function parseRecords(text, options) {
  const [header, ...rows] = parseRows(text, options);
  if (header === undefined) return [];
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CsvError(`the column "${twice}" is there twice`, 1);
  return rows.filter((row) => row.length > 1 || row[0] !== '').map((row, index) => {
    if (row.length > names.length) throw new CsvError(`${row.length} fields, but ${names.length} columns`, index + 2);
    return Object.fromEntries(names.map((name, column) => [name, row[column] ?? '']));
  });
}

function encodeField(value, delimiter) {
  const text = value === null || value === undefined ? '' : String(value);
  const mustQuote = text.includes(delimiter) || /["\r\n]/.test(text);
  return mustQuote ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text that parseRows reads back as these rows. */
export function formatRows(rows, { delimiter = ',' } = {}) {
  return rows.map((row) => `${row.map((value) => encodeField(value, delimiter)).join(delimiter)}\n`).join('');
}
