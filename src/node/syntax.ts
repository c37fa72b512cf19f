/** Decides how source text becomes plain syntax trees: tree-sitter grammars compiled to WebAssembly, loaded when first needed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language as Grammar, Parser as TreeParser, TreeCursor } from '@vscode/tree-sitter-wasm';
import type { Language } from '../core/domain/check.ts';
import type { Syntax, SyntaxNode } from '../core/ports.ts';

/** Larger texts are bundles and generated tables: a parse would hold the thread for over a second. */
const TEXT_CHARACTERS_MAX = 1_500_000;

const LANGUAGE_OF_EXTENSION: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  py: 'python',
  pyi: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
};

/**
 * Grammars are read from the installed package, or from a folder `wasm` beside the bundle.
 * A text beyond 1.5 million characters has no tree, like a language without a grammar.
 */
export function createSyntax(): Syntax {
  const library = once(loadLibrary);
  const parsers = new Map<Language, Promise<TreeParser>>();

  const parserOf = (language: Language): Promise<TreeParser> => {
    const known = parsers.get(language);
    if (known) return known;
    const made = library().then(({ module, folder }) => makeParser(module, join(folder, `tree-sitter-${language}.wasm`)));
    parsers.set(language, made);
    return made;
  };

  return {
    languageOf,
    async parse(path, text) {
      const language = languageOf(path);
      if (language === 'other' || text.length > TEXT_CHARACTERS_MAX) return undefined;
      const parser = await parserOf(language);
      const tree = parser.parse(text);
      if (!tree) return undefined;
      const cursor = tree.walk();
      try {
        return plainTree(cursor);
      } finally {
        cursor.delete();
        tree.delete();
      }
    },
  };
}

function languageOf(path: string): Language {
  const extension = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase();
  return (extension === undefined ? undefined : LANGUAGE_OF_EXTENSION[extension]) ?? 'other';
}

type Library = typeof import('@vscode/tree-sitter-wasm');

async function loadLibrary(): Promise<{ readonly module: Library; readonly folder: string }> {
  const require = createRequire(import.meta.url);
  const beside = join(dirname(fileURLToPath(import.meta.url)), 'wasm', 'tree-sitter.js');
  // The package is CommonJS and finds its own binary by path, so it is required at run time and never bundled.
  const entry = existsSync(beside) ? beside : require.resolve('@vscode/tree-sitter-wasm');
  const module: Library = require(entry);
  const folder = dirname(entry);
  await module.Parser.init({ locateFile: (file: string) => join(folder, file) });
  return { module, folder };
}

async function makeParser(module: Library, grammarPath: string): Promise<TreeParser> {
  const grammar: Grammar = await module.Language.load(grammarPath);
  return new module.Parser().setLanguage(grammar);
}

interface Building {
  readonly type: string;
  readonly field: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  readonly children: Building[];
}

/** Without recursion: a long chain of operators is a tree thousands of levels deep. */
function plainTree(cursor: TreeCursor): { readonly root: SyntaxNode; readonly errors: number } {
  let errors = 0;
  const visit = (): Building => {
    if (cursor.nodeIsMissing || cursor.nodeType === 'ERROR') errors++;
    return {
      type: cursor.nodeType,
      field: cursor.currentFieldName ?? '',
      named: cursor.nodeIsNamed,
      start: cursor.startIndex,
      end: cursor.endIndex,
      line: cursor.startPosition.row + 1,
      endLine: cursor.endPosition.row + 1,
      children: [],
    };
  };
  const root = visit();
  const open: Building[] = [root];
  if (!cursor.gotoFirstChild()) return { root, errors };
  while (open.length > 0) {
    const node = visit();
    open.at(-1)?.children.push(node);
    if (cursor.gotoFirstChild()) {
      open.push(node);
      continue;
    }
    while (open.length > 0 && !cursor.gotoNextSibling()) {
      cursor.gotoParent();
      open.pop();
    }
  }
  return { root, errors };
}

/** The same promise for every caller; a failure is kept, since a missing file does not come back. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
