/** How findings read in a terminal, and what `review` accepts. */
import { deepEqual, throws } from 'node:assert/strict';
import { parseInvocation } from '../../src/cli/args.ts';
import { countFindings, renderFindings } from '../../src/cli/findings.ts';
import { plainStyle } from '../../src/cli/liveGraph.ts';
import type { Finding } from '../../src/core/domain/finding.ts';

const finding: Finding = { id: 'finding-1', path: 'src/b.js', line: 3, endLine: 3, column: 5, category: 'bug', severity: 'error', claim: 'It reads past the end.', evidence: 'xs[i]\nf([1]) gives NaN', proof: 'shown', rule: 'off-by-one', edit: { text: '  xs[i - 1]' } };

describe('findings in a terminal', () => {
  it('say place, kind, claim, code, proof and the line as it should be, by file and line', () => {
    deepEqual(renderFindings([finding, { ...finding, path: 'src/a.js', severity: 'info', proof: 'agreed', rule: undefined, evidence: 'xs[i]', edit: undefined }], plainStyle), [
      '', 'src/a.js:3:5  info · bug · two readings agree', '  It reads past the end.', '    xs[i]',
      '', 'src/b.js:3:5  error · bug · rule off-by-one, shown by running it', '  It reads past the end.', '    xs[i]', '    f([1]) gives NaN', '    instead: xs[i - 1]',
    ]);
  });

  it('are counted in words', () => {
    deepEqual(countFindings([finding]), '1 finding: 1 error');
    deepEqual(countFindings([finding, { ...finding, severity: 'warning' }, { ...finding, severity: 'warning' }, { ...finding, severity: 'info' }]), '4 findings: 1 error, 2 warnings, 1 info');
  });
});

describe('review on the command line', () => {
  it('takes paths or --changes, and a file for SARIF', () => {
    const read = (line: string): unknown => {
      const invocation = parseInvocation(line.split(' '));
      return invocation.kind === 'review' ? [invocation.paths, invocation.sarif] : invocation.kind;
    };
    deepEqual(read('review a.js b --sarif out.sarif'), [['a.js', 'b'], 'out.sarif']);
    deepEqual(read('review --changes'), [[], undefined]);
  });

  it('refuses an empty name and a missing one', () => {
    throws(() => parseInvocation(['review', '--sarif', '']), /--sarif takes the file/u);
    throws(() => parseInvocation(['review', '--sarif']), /sarif/u);
  });
});
