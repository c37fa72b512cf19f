/**
 * Templates hold {name} for a value and {name, plural, one {…} few {…} other {…}} for a text that depends on a number,
 * in which # stands for the number. Forms do not nest.
 */

const PLURAL = /^(\w+),\s*plural,\s*(.+)$/s;
const FORM = /(\w+|=\d+)\s*\{([^{}]*)\}/g;

/** @returns {({ kind: 'text', text: string } | { kind: 'value', name: string } | { kind: 'plural', name: string, forms: Map<string, string> })[]} */
export function parseTemplate(source) {
  const parts = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('{', at);
    if (open < 0) {
      parts.push({ kind: 'text', text: source.slice(at) });
      break;
    }
    if (open > at) parts.push({ kind: 'text', text: source.slice(at, open) });
    const close = closingBrace(source, open);
    parts.push(parsePlaceholder(source.slice(open + 1, close).trim()));
    at = close + 1;
  }
  return parts;
}

function parsePlaceholder(inner) {
  const plural = PLURAL.exec(inner);
  if (plural === null) return { kind: 'value', name: inner };
  const forms = new Map([...plural[2].matchAll(FORM)].map(([, form, text]) => [form, text]));
  if (!forms.has('other')) throw new Error(`The plural of "${plural[1]}" has no form "other".`);
  return { kind: 'plural', name: plural[1], forms };
}

function closingBrace(source, open) {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    if (source[i] === '{') depth++;
    if (source[i] === '}' && --depth === 0) return i;
  }
  throw new Error(`A brace does not close: "${source.slice(open, open + 20)}"`);
}
