import { valueAt } from './path.js';

/**
 * Small templates:
 *
 *     {{path}}                      the value, with HTML escaped
 *     {{{path}}}                    the value as it is
 *     {{#each path}} … {{/each}}    once for each element, which is the data within
 *     {{#if path}} … {{else}} … {{/if}}
 *
 * A value that is missing or null is shown as nothing.
 */

const TOKEN = /\{\{\{\s*([\w.]+)\s*\}\}\}|\{\{\s*(#each|#if|\/each|\/if|else)?\s*([\w.]*)\s*\}\}/g;
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]);
}

/** @returns {(data: unknown) => string} */
export function compile(source) {
  const root = { kind: 'root', body: [] };
  const open = [root];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [whole, raw, word, path] = match;
    if (match.index > at) bodyOf(open).push({ kind: 'text', text: source.slice(at, match.index) });
    at = match.index + whole.length;
    if (raw !== undefined) bodyOf(open).push({ kind: 'value', path: raw, escaped: false });
    else if (word === undefined) bodyOf(open).push({ kind: 'value', path, escaped: true });
    else if (word === '#each' || word === '#if') {
      const block = { kind: word.slice(1), path, body: [], otherwise: undefined };
      bodyOf(open).push(block);
      open.push(block);
    } else if (word === 'else') {
      if (open.at(-1).kind !== 'if') throw new SyntaxError('{{else}} stands outside {{#if}}.');
      open.at(-1).otherwise = [];
    } else {
      const block = open.pop();
      if (block === undefined || block.kind !== word.slice(1)) throw new SyntaxError(`{{${word}}} closes nothing.`);
    }
  }
  if (open.length > 1) throw new SyntaxError(`{{#${open.at(-1).kind} ${open.at(-1).path}}} is not closed.`);
  root.body.push({ kind: 'text', text: source.slice(at) });
  return (data) => renderAll(root.body, data);
}

function bodyOf(open) {
  const block = open.at(-1);
  return block.otherwise ?? block.body;
}

function renderAll(nodes, data) {
  return nodes.map((node) => render(node, data)).join('');
}

function render(node, data) {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value': {
      const text = show(valueAt(data, node.path));
      return node.escaped ? escapeHtml(text) : text;
    }
    case 'each': {
      const list = valueAt(data, node.path);
      return Array.isArray(list) ? list.map((element) => renderAll(node.body, element)).join('') : '';
    }
    default: {
      const value = valueAt(data, node.path);
      const holds = Array.isArray(value) ? value.length > 0 : Boolean(value);
      return renderAll(holds ? node.body : (node.otherwise ?? []), data);
    }
  }
}

function show(value) {
  return value ? String(value) : '';
}
