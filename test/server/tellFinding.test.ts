/** How findings read in an editor; parts of them are a model's words. */
import assert from 'node:assert/strict';
import type { Finding } from '../../src/core/domain/finding.ts';
import { createDocuments } from '../../src/server/documents.ts';
import { asMarkdown, rangeOf } from '../../src/server/tellFinding.ts';

const finding: Finding = { id: 'f', path: 'a.js', line: 2, endLine: 2, column: 3, category: 'bug', severity: 'warning', claim: 'Wrong.', evidence: 'x', proof: 'opinion', anchor: 'x' };

describe('a finding in an editor', () => {
  it('brings no link, image, markup or end of its fence along, whatever the model wrote', () => {
    const text = asMarkdown({ ...finding, claim: '[run](command:x) ![](https://elsewhere/p.png) <img src=x> **bold**\n# head', evidence: '```\n[out](command:y)\n```', edit: { text: '````' } });
    const outside = text.replaceAll(/^(`{5})\n[\s\S]*?\n\1$/gmu, '');
    assert.doesNotMatch(outside, /(?<!\\)[[<!]|https:\/\/|\n# |command:y/u);
    assert.match(text, /`{5}\n```\n\[out\]\(command:y\)\n```\n`{5}/u);
  });

  it('stands on its line also where its column, or its line, lies beyond the text', () => {
    const documents = createDocuments(() => 'utf-16');
    const document = documents.open('file:///a.js', 1, 'one\n  two\r\n');
    const check = (more: Partial<Finding>, expected: readonly number[]): void => {
      const { start, end } = rangeOf({ ...finding, ...more }, document);
      assert.deepEqual([start.line, start.character, end.line, end.character], expected);
    };
    check({}, [1, 2, 1, 5]);
    check({ column: 4 }, [1, 3, 1, 5]);
    check({ column: 99 }, [1, 2, 1, 5]);
    check({ line: 99, endLine: 99 }, [2, 0, 2, 0]);
    check({ line: 1, endLine: 2 }, [0, 2, 1, 5]);
  });
});
