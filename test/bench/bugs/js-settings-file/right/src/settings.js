/**
 * Settings as text:
 *
 *     ; a comment
 *     [server]
 *     host = example.org   ; a comment after a value
 *     motd = first line\nsecond line
 *
 * A backslash takes the character after it as it is, so "\;" is a semicolon and starts no comment and "\\" is a backslash;
 * "\n" and "\t" are a line feed and a tab. Spaces around a value do not count, unless escaped.
 */

const SECTION = /^\[([^\]]+)\]$/;
const KEY = /^[A-Za-z][\w.-]*$/;
const CONTROLS = { '\n': 'n', '\t': 't' };
const CONTROL_OF = { n: '\n', t: '\t' };

export class SettingsError extends Error {
  constructor(message, line) {
    super(`Line ${line}: ${message}`);
    this.name = 'SettingsError';
    this.line = line;
  }
}

/**
 * Values by section and key. What stands before the first section is in the section "".
 * @returns {Map<string, Map<string, string>>}
 */
export function parseSettings(text) {
  const sections = new Map();
  let section = '';
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = withoutComment(raw).trimStart();
    if (line.trim() === '') return;
    const name = SECTION.exec(line.trim())?.[1];
    if (name !== undefined) {
      section = name.trim();
      return;
    }
    const at = line.indexOf('=');
    if (at < 0) throw new SettingsError('neither a section nor a value', index + 1);
    const key = line.slice(0, at).trim();
    if (!KEY.test(key)) throw new SettingsError(`"${key}" is no name for a value`, index + 1);
    const values = sections.get(section) ?? new Map();
    if (values.has(key)) throw new SettingsError(`"${key}" is there twice`, index + 1);
    values.set(key, unescape(trimValue(line.slice(at + 1))));
    sections.set(section, values);
  });
  return sections;
}

/** The text that parseSettings reads back as these sections. */
export function formatSettings(sections) {
  const lines = [];
  for (const [section, values] of sections) {
    if (section !== '') {
      if (lines.length > 0) lines.push('');
      lines.push(`[${section}]`);
    } else if (lines.length > 0) {
      throw new Error('Values without a section come first.');
    }
    for (const [key, value] of values) {
      if (!KEY.test(key)) throw new Error(`"${key}" is no name for a value.`);
      lines.push(`${key} = ${escape(value)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function withoutComment(line) {
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === ';') return line.slice(0, i);
  }
  return line;
}

/** Without the spaces around it; an escaped space at the end stays. */
function trimValue(text) {
  const start = text.trimStart();
  const end = start.trimEnd();
  const backslashes = /\\*$/.exec(end)[0].length;
  return backslashes % 2 === 1 ? start.slice(0, end.length + 1) : end;
}

function unescape(text) {
  return text.replace(/\\(.)/g, (_, char) => CONTROL_OF[char] ?? char);
}

function escape(value) {
  return value
    .replace(/[\\;]/g, '\\$&')
    .replace(/[\n\t]/g, (char) => `\\${CONTROLS[char]}`)
    .replace(/^ | $/g, '\\ ');
}
