/** Compiles route patterns such as "/users/:id/files/*". */

const PARAMETER = /^:([A-Za-z_]\w*)$/;

/**
 * @typedef {{ kind: 'literal', text: string } | { kind: 'parameter', name: string } | { kind: 'rest' }} Part
 * @typedef {{ source: string, parts: Part[] }} Pattern
 */

/** @returns {Pattern} */
export function compilePattern(source) {
  if (!source.startsWith('/')) throw new Error(`A pattern starts with a slash: "${source}"`);
  const names = new Set();
  const parts = segments(source).map((text, index, all) => {
    if (text === '*') {
      if (index !== all.length - 1) throw new Error(`"*" must be the last part of "${source}".`);
      return { kind: 'rest' };
    }
    const name = PARAMETER.exec(text)?.[1];
    if (name === undefined) return { kind: 'literal', text };
    if (names.has(name)) throw new Error(`"${source}" names ":${name}" twice.`);
    names.add(name);
    return { kind: 'parameter', name };
  });
  return { source, parts };
}

/**
 * The parameters of `path`, decoded, or null when it does not match. A path that is no valid percent-encoding matches nothing.
 * @returns {Record<string, string> | null}
 */
export function matchPattern({ parts }, path) {
  const given = segments(path);
  const parameters = {};
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'rest') {
      parameters.rest = decode(given.slice(index).join('/'));
      return parameters;
    }
    if (given[index] === undefined) return null;
    const text = decode(given[index]);
    if (part.kind === 'literal') {
      if (text !== part.text) return null;
    } else {
      if (text === '') return null;
      parameters[part.name] = text;
    }
  }
  return given.length === parts.length ? parameters : null;
}

/** "/a/b/" and "/a/b" have the same segments. */
function segments(path) {
  const trimmed = path.replace(/^\/+/, '').replace(/\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function decode(segment) {
  return decodeURIComponent(segment);
}

/** Literal parts before parameters, parameters before the rest: the most exact pattern first. */
export function comparePatterns(a, b) {
  const rank = { literal: 0, parameter: 1, rest: 2 };
  for (let i = 0; i < Math.min(a.parts.length, b.parts.length); i++) {
    const difference = rank[a.parts[i].kind] - rank[b.parts[i].kind];
    if (difference !== 0) return difference;
  }
  return b.parts.length - a.parts.length;
}
