import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createCapture, HEAD_BYTES, stripEscapes, TAIL_BYTES } from '../../src/node/capture.ts';

describe('stripEscapes', () => {
  const cases: Readonly<Record<string, string>> = {
    'a\u001b[31mb\u001b[0mc': 'abc',
    '\u001b]0;title\u0007x': 'x',
    '\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\': 'link',
    '\u001b]52;c;unended\nnext': '\nnext',
    '\u001bP+q\u001b\\x': 'x',
    '\u001b[2K\rdone': '\ndone',
    'a\r\nb\r\r\n': 'a\nb\n',
    'pass\rFAIL': 'pass\nFAIL',
    'a\bb\u0000\u007f\u009b31mc': 'abc',
    '\u001b(Bx\u001b7y\u001b': 'xy',
    'tab\tkept é 漢': 'tab\tkept é 漢',
  };
  for (const [input, expected] of Object.entries(cases)) it(`gives ${JSON.stringify(expected)} for ${JSON.stringify(input)}`, () => assert.equal(stripEscapes(input), expected));

  it('takes linear time for a hostile text', () => {
    const began = performance.now();
    stripEscapes('\u001b['.repeat(200_000) + '\u001b]'.repeat(200_000));
    assert.ok(performance.now() - began < 1_000);
  });
});

describe('a capture', () => {
  const feed = (chunks: readonly (string | Buffer)[], onLine?: (line: string) => void) => {
    const capture = createCapture(onLine);
    for (const chunk of chunks) capture.write(Buffer.from(chunk));
    capture.end();
    return capture;
  };

  it('is whole up to head and tail, and exact about what it left out', () => {
    const size = HEAD_BYTES + TAIL_BYTES;
    assert.equal(feed(['x'.repeat(size)]).text(), 'x'.repeat(size));
    const text = feed(Array.from({ length: 100 }, (_, i) => `${String(i).padStart(4, '0')}${'y'.repeat(9_996)}`)).text();
    assert.equal(text.includes(`[… ${1_000_000 - size} bytes left out …]`), true);
    assert.equal(text.startsWith('0000y'), true);
    assert.equal(text.includes('0099y'), true);
    assert.equal(text.includes('0050y'), false);
  });

  it('does not show half a character at the cut', () => {
    assert.equal(feed(['a', '漢'.repeat(100_000)]).text().includes('\ufffd'), false);
  });

  it('hashes every byte, however it was cut', () => {
    const whole = Buffer.from('漢字\n'.repeat(1_000));
    const pieces = Array.from({ length: whole.length }, (_, i) => whole.subarray(i, i + 1));
    assert.equal(feed(pieces).sha256(), createHash('sha256').update(whole).digest('hex'));
    assert.equal(feed(pieces).text(), whole.toString('utf8'));
  });

  it('hands on each line once, whole characters, and cuts an endless one', () => {
    const lines: string[] = [];
    const text = Buffer.from('é1\n\nz\r\nlast');
    feed(Array.from({ length: text.length }, (_, i) => text.subarray(i, i + 1)), (line) => lines.push(line));
    assert.deepEqual(lines, ['é1', '', 'z', 'last']);
    const long: number[] = [];
    feed([...Array.from({ length: 20 }, () => 'x'.repeat(1024 * 1024)), '\nnext\n'], (line) => long.push(line.length));
    assert.equal(long.length, 2);
    assert.equal(long[1], 4);
  });
});
