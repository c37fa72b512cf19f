// Replaces the types of a TypeScript file by spaces, so that lines and columns stay as they are. Erasable syntax only.

const TOKEN = /(?<space>\s+|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<string>'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*")|(?<number>\.?\d[\w.]*)|(?<word>[#$\p{L}_][$\p{L}\p{N}_]*)|(?<mark>=>|\.\.\.|\?\?=|\?\?|\?\.(?!\d)|&&=|\|\|=|&&|\|\||[=!]==?|[<]=|\*\*|\+\+|--|[-+*%&|^]=|[^])/uy;
/** After these a slash begins a regular expression, and a brace an object. */
const OPERATOR = /^(?:=>|\.\.\.|\?\?=?|&&=?|\|\|=?|[=!]==?|<=|\*\*|[-+*%&|^]=|[-+*%&|^=<>!~?:,;([{]|return|typeof|case|in|of|await|yield|new|throw|else|default|extends|delete|void)$/;
const MODIFIERS = new Set(['private', 'public', 'protected', 'readonly', 'override', 'declare', 'abstract']);

export function withoutTypes(source) {
  const tokens = tokenize(source);
  // UTF-16 units, as V8 counts columns.
  const units = source.split('');
  new Eraser(tokens, units).file();
  return units.join('');
}

function tokenize(source) {
  const tokens = [];
  const braces = [];
  let at = 0;
  const push = (text, kind, to) => {
    tokens.push({ text, kind, from: at, to });
    at = to;
  };
  const template = () => {
    let end = at + 1;
    while (end < source.length) {
      if (source[end] === '\\') end++;
      else if (source[end] === '`') return push('`', 'string', end + 1);
      else if (source[end] === '$' && source[end + 1] === '{') {
        braces.push('template');
        return push('${', 'open', end + 2);
      }
      end++;
    }
    throw new SyntaxError('A template does not end.');
  };
  while (at < source.length) {
    const before = tokens.at(-1);
    if (source[at] === '`') {
      template();
      continue;
    }
    if (source[at] === '}' && braces.at(-1) === 'template') {
      braces.pop();
      tokens.push({ text: '}', kind: 'close', from: at, to: at });
      template();
      continue;
    }
    if (source[at] === '/' && !/[/*]/.test(source[at + 1]) && (before === undefined || OPERATOR.test(before.text))) {
      const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/y;
      regex.lastIndex = at;
      const match = regex.exec(source);
      if (match !== null) {
        push(match[0], 'string', regex.lastIndex);
        continue;
      }
    }
    TOKEN.lastIndex = at;
    const { groups } = TOKEN.exec(source);
    if (groups.space !== undefined) {
      at = TOKEN.lastIndex;
      continue;
    }
    const [kind, text] = Object.entries(groups).find(([, value]) => value !== undefined);
    if (text === '{') braces.push('brace');
    if (text === '}') braces.pop();
    push(text, kind, TOKEN.lastIndex);
  }
  return tokens;
}

class Eraser {
  constructor(tokens, units) {
    this.tokens = tokens;
    this.units = units;
    /** Indexes of braces that begin the body of a function with a return type. */
    this.bodies = new Set();
  }

  text(i) {
    return this.tokens[i]?.text;
  }

  isWord(i) {
    return this.tokens[i]?.kind === 'word';
  }

  /** Blanks tokens i to j, j not included. */
  blank(i, j) {
    for (let at = this.tokens[i].from; at < this.tokens[j - 1].to; at++) if (this.units[at] !== '\n' && this.units[at] !== '\r') this.units[at] = ' ';
    return j;
  }

  newLineBefore(i) {
    return i === 0 || this.units.slice(this.tokens[i - 1].to, this.tokens[i].from).includes('\n');
  }

  /** Index after the bracket that closes the one at i. */
  closed(i) {
    let depth = 0;
    for (let j = i; j < this.tokens.length; j++) {
      if (['(', '[', '{', '${'].includes(this.text(j))) depth++;
      if ([')', ']', '}'].includes(this.text(j)) && --depth === 0) return j + 1;
    }
    throw new SyntaxError(`A bracket does not close: ${this.text(i)}`);
  }

  /** Index after "<…>" at i, or undefined where that is no list of types. */
  angles(i) {
    let depth = 0;
    for (let j = i; j < this.tokens.length; j++) {
      const text = this.text(j);
      if (text === '<') depth++;
      else if (text === '>') {
        if (--depth === 0) return j + 1;
      } else if (['(', '[', '{'].includes(text)) j = this.closed(j) - 1;
      else if ([';', ')', ']', '}', '&&', '||', '+', '-', '*', '===', '!=='].includes(text)) return undefined;
    }
    return undefined;
  }

  /** Index after the type at i. */
  type(i) {
    if (this.text(i) === '|' || this.text(i) === '&') i++;
    for (;;) {
      while (['keyof', 'readonly', 'unique', 'infer', 'typeof', 'asserts', 'new', 'abstract'].includes(this.text(i)) && (this.isWord(i + 1) || '([{'.includes(this.text(i + 1)))) i++;
      if (this.text(i) === '<') i = this.angles(i);
      if (this.text(i) === 'import') i = this.closed(i + 1) - 1;
      if (this.text(i) === '(') {
        i = this.closed(i);
        if (this.text(i) === '=>') i = this.type(i + 1);
      } else if (this.text(i) === '{' || this.text(i) === '[') i = this.closed(i);
      else if (this.text(i) === '-') i += 2;
      else {
        i++;
        while (this.text(i) === '.') i += 2;
        if (this.text(i) === '<') i = this.angles(i) ?? i;
      }
      while (this.text(i) === '[' && !this.newLineBefore(i)) i = this.closed(i);
      if (this.text(i) === 'is' && !this.newLineBefore(i)) i = this.type(i + 1);
      if (this.text(i) === 'extends') {
        i = this.type(i + 1);
        if (this.text(i) !== '?') return i;
        i = this.type(i + 1);
        i = this.type(i + 1);
      }
      if (this.text(i) !== '|' && this.text(i) !== '&') return i;
      i++;
    }
  }

  file() {
    this.inside(0, this.tokens.length, 'block');
  }

  /** Walks tokens i to end, which lie directly or deeper within a bracket of this kind. */
  inside(i, end, kind) {
    let ternaries = 0;
    let isStart = true;
    let declares = false;
    while (i < end) {
      const text = this.text(i);
      const wasStart = isStart;
      isStart = false;
      if (kind === 'block' && (wasStart || this.newLineBefore(i))) {
        const after = this.statement(i);
        if (after !== undefined) {
          i = after;
          isStart = true;
          continue;
        }
      }
      if (kind === 'class' && (wasStart || this.newLineBefore(i))) while (MODIFIERS.has(this.text(i)) && (this.isWord(i + 1) || '[{*'.includes(this.text(i + 1)))) i = this.blank(i, i + 1);
      if (this.text(i) !== text) continue;
      if (text === 'import' && this.isWord(i + 1) === false && this.text(i + 1) === '{') this.specifiers(i + 1);
      if (text === 'class' && !this.isMember(i) && this.text(i + 1) !== ':') {
        i = this.classHead(i + 1);
        isStart = true;
        continue;
      }
      if (['const', 'let', 'var'].includes(text)) declares = true;
      if (text === ';' || text === '=') declares = false;
      if (text === ';') {
        isStart = true;
        ternaries = 0;
      }
      if (text === '<') {
        const after = this.typeArguments(i);
        if (after !== undefined) {
          i = this.blank(i, after);
          continue;
        }
      }
      if (text === '?' && (kind === 'parameters' || kind === 'class') && [':', ',', ')', ';'].includes(this.text(i + 1))) {
        i = this.blank(i, i + 1);
        continue;
      }
      if (text === '!' && this.isPostfix(i)) {
        i = this.blank(i, i + 1);
        continue;
      }
      if (text === '?') ternaries++;
      if (text === ':') {
        if (this.text(i - 1) === ')' && ternaries === 0 && kind !== 'parameters' && this.returns(i) !== undefined) {
          i = this.blank(i, this.returns(i));
          continue;
        }
        if (ternaries > 0) ternaries--;
        else if (kind === 'parameters' || (kind === 'class' && wasStart === false) || declares) {
          i = this.blank(i, this.type(i + 1));
          continue;
        } else isStart = kind === 'block';
      }
      if ((text === 'as' || text === 'satisfies') && i > 0 && !this.isMember(i) && !OPERATOR.test(this.text(i - 1)) && (this.isWord(i + 1) || '({['.includes(this.text(i + 1)) || this.tokens[i + 1]?.kind === 'string') && kind !== 'names') {
        i = this.blank(i, this.type(i + 1));
        continue;
      }
      if (['(', '[', '{', '${'].includes(text)) {
        const after = this.closed(i);
        const kindWithin = text === '(' ? this.parenthesis(i, after, kind, ternaries > 0) : text === '{' ? this.brace(i) : 'list';
        this.inside(i + 1, after - 1, kindWithin);
        if (kindWithin === 'parameters' && this.text(after) === ':') {
          const returned = this.type(after + 1);
          i = this.blank(after, returned);
          this.bodies.add(i);
        } else i = after;
        isStart = text === '{' && (kindWithin === 'block' || kindWithin === 'class');
        if (kind === 'class' && kindWithin === 'block') isStart = true;
        continue;
      }
      i++;
    }
  }

  /** Index after a statement that is nothing but types, blanked. */
  statement(i) {
    let at = i;
    if (this.text(at) === 'export') at++;
    if (this.text(at) === 'import' && this.text(at + 1) === 'type' && (this.isWord(at + 2) || '{*'.includes(this.text(at + 2)))) return this.blank(i, this.lineEnd(at));
    if (this.text(at) === 'type' && at > i && this.text(at + 1) === '{') return this.blank(i, this.lineEnd(at));
    if (this.text(at) === 'interface' && this.isWord(at + 1)) {
      while (this.text(at) !== '{') at++;
      return this.blank(i, this.closed(at));
    }
    if (this.text(at) === 'type' && this.isWord(at + 1) && ['=', '<'].includes(this.text(at + 2))) {
      at += 2;
      if (this.text(at) === '<') at = this.angles(at);
      at = this.type(at + 1);
      return this.blank(i, this.text(at) === ';' ? at + 1 : at);
    }
    return undefined;
  }

  lineEnd(i) {
    while (this.text(i) !== ';' && this.tokens[i]?.kind !== 'string') i++;
    return this.text(i + 1) === ';' ? i + 2 : i + 1;
  }

  /** import { type A, b }: blanks "type A,". */
  specifiers(i) {
    const end = this.closed(i);
    for (let j = i + 1; j < end - 1; j++) {
      if (this.text(j) !== 'type' || !this.isWord(j + 1) || ![',', '{'].includes(this.text(j - 1))) continue;
      let to = j + 2;
      while (![',', '}'].includes(this.text(to))) to++;
      this.blank(j, this.text(to) === ',' ? to + 1 : to);
    }
  }

  classHead(i) {
    while (this.text(i) !== '{') {
      if (this.text(i) === '<') i = this.blank(i, this.angles(i));
      else if (this.text(i) === 'implements') {
        const from = i;
        while (this.text(i) !== '{') i++;
        this.blank(from, i);
      } else i++;
    }
    const after = this.closed(i);
    this.inside(i + 1, after - 1, 'class');
    return after;
  }

  /** foo<T>(…), new Map<K, V>(…), function f<T>(…), <T>(x) => x: written without a space before "<", which a comparison has. */
  typeArguments(i) {
    const after = this.angles(i);
    if (after === undefined || this.text(after) !== '(') return undefined;
    const before = this.tokens[i - 1];
    if (before === undefined || OPERATOR.test(before.text) || before.text === 'async') return after;
    return before.kind === 'word' && before.to === this.tokens[i].from ? after : undefined;
  }

  isPostfix(i) {
    const before = this.tokens[i - 1];
    const next = this.text(i + 1);
    return before !== undefined && before.to === this.tokens[i].from && (before.kind === 'word' || before.text === ')' || before.text === ']') && !OPERATOR.test(before.text) && next !== '=';
  }

  /** For ":" after a bracket that closes: index after the type where "=>" follows. */
  returns(i) {
    const after = this.type(i + 1);
    return this.text(after) === '=>' ? after : undefined;
  }

  isMember(i) {
    return this.text(i - 1) === '.' || this.text(i - 1) === '?.';
  }

  parenthesis(i, after, kind, inTernary) {
    const before = this.text(i - 1);
    if (this.text(after) === '=>') return 'parameters';
    if (this.text(after) === ':' && this.returns(after) !== undefined && this.looksLikeParameters(i, after)) return 'parameters';
    let name = i - 1;
    if (this.text(name) === '>') while (name > 0 && this.text(name) !== '<') name--;
    if (this.text(name) === '<') name--;
    if (before === 'function' || before === '*' || this.text(name - 1) === 'function' || (this.text(name - 1) === '*' && this.text(name - 2) === 'function')) return 'parameters';
    const isMethod = (kind === 'class' || kind === 'object') && !inTernary && !this.isMember(name) && (this.newLineBefore(name) || [',', '{', ';', '}', 'async', 'get', 'set', 'static', '*', ']', ...MODIFIERS].includes(this.text(name - 1)) || before === ']');
    if (isMethod && (this.text(after) === '{' || this.text(after) === ':')) return 'parameters';
    return 'list';
  }

  looksLikeParameters(i, after) {
    const first = this.text(i + 1);
    return after === i + 2 || first === '{' || first === '[' || first === '...' || (this.isWord(i + 1) && [':', ',', ')', '=', '?'].includes(this.text(i + 2)));
  }

  brace(i) {
    const before = this.text(i - 1);
    if (this.bodies.has(i)) return 'block';
    if (before === undefined || before === '=>' || before === ')' || before === ';' || before === '{' || before === '}') return 'block';
    if (['import', 'export'].includes(before)) return 'names';
    if (['else', 'try', 'finally', 'do', 'catch', 'static'].includes(before)) return 'block';
    if (before === ':' || OPERATOR.test(before) || ['const', 'let', 'var'].includes(before)) return 'object';
    return 'block';
  }
}
