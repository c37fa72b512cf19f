/** What the rules say of a text: for tests that hold a rule against its clean look-alikes. */
import { equal } from 'node:assert/strict';
import { runRules } from '../../src/core/review/rules.ts';
import { familyOf, toSource } from '../../src/core/review/source.ts';
import { createSyntax } from '../../src/node/syntax.ts';

const syntax = createSyntax();

/** "line rule" for each hit; nothing of a file that does not parse. */
export async function hitsOf(path: string, text: string): Promise<string> {
  const family = familyOf(syntax.languageOf(path));
  const parsed = await syntax.parse(path, text);
  if (family === undefined || parsed === undefined) throw new Error(`no rules for ${path}`);
  equal(parsed.errors, 0, `does not parse: ${text}`);
  return runRules(toSource({ path, text, root: parsed.root, family })).map(({ rule, node }) => `${node.line} ${rule.name}`).join(', ');
}

export interface RuleCases {
  readonly rule: string;
  readonly path: string;
  /** Each has exactly one hit, of this rule, on the line that holds "!!", on the line that is named (a comment may explain the hit away), or on the first. */
  readonly wrong: readonly (string | { readonly line: number; readonly text: string })[];
  /** No rule at all says anything. */
  readonly clean: readonly string[];
}

/** One test for each side of each rule. */
export function describeRules(name: string, cases: readonly RuleCases[]): void {
  describe(name, () => {
    for (const { rule, path, wrong, clean } of cases) {
      it(`${rule} (${path}) finds ${wrong.length} and leaves ${clean.length} look-alikes alone`, async () => {
        for (const one of wrong) {
          const { line, text } = typeof one === 'string' ? { line: lineOf(one), text: one } : one;
          equal(await hitsOf(path, text), `${line} ${rule}`, text);
        }
        for (const text of clean) equal(await hitsOf(path, text), '', text);
        equal(clean.length >= wrong.length, true, 'as many look-alikes as finds');
      });
    }
  });
}

function lineOf(text: string): number {
  const at = text.indexOf('!!');
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
