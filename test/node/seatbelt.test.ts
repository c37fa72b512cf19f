import assert from 'node:assert/strict';
import { seatbeltProfile } from '../../src/node/seatbelt.ts';

describe('the seatbelt profile', () => {
  it('denies by default, writes only where it may, and keeps the network to itself', () => {
    const lines = seatbeltProfile({ writable: ['/slot'], readable: ['/tools'] }).split('\n');
    assert.deepEqual(lines.slice(0, 2), ['(version 1)', '(deny default)']);
    assert.ok(lines.includes('(allow file-write* (literal "/dev/null") (literal "/dev/tty") (subpath "/slot"))'));
    assert.ok(lines.some((line) => line.startsWith('(allow file-read*') && line.includes('(subpath "/tools")') && line.includes('(subpath "/slot")')));
    assert.ok(lines.indexOf('(deny network*)') < lines.findIndex((line) => line.startsWith('(allow network*')));
    assert.equal(lines.some((line) => /allow (?:default|network\*\)|file-write\*\))/.test(line)), false);
  });

  it('quotes what would end a string, and refuses what no string can hold', () => {
    assert.match(seatbeltProfile({ writable: ['/a"b\\c'], readable: [] }), /\(subpath "\/a\\"b\\\\c"\)/);
    assert.throws(() => seatbeltProfile({ writable: ['/a\nb'], readable: [] }), /control character/);
  });
});
