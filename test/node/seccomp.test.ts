import assert from 'node:assert/strict';
import { systemCallFilter } from '../../src/node/seccomp.ts';

const X64 = 0xc000_003e;
const I386 = 0x4000_0003;
const ARM64 = 0xc000_00b7;
const ALLOWED = 'allowed';

/** What the kernel does with a call: the classic BPF machine, as far as a filter of ours may use it. */
function check(processor: string, call: { readonly kind: number; readonly number: number; readonly first?: number; readonly second?: bigint }, expected: string): void {
  const bytes = systemCallFilter(processor);
  assert.ok(bytes !== undefined);
  const program = new DataView(bytes.buffer);
  const data = new Map([[0, call.number], [4, call.kind], [16, call.first ?? 0], [24, Number((call.second ?? 0n) & 0xffff_ffffn)], [28, Number((call.second ?? 0n) >> 32n)]]);
  let register = 0;
  for (let at = 0; at * 8 < bytes.length; at++) {
    const [code, yes, no, value] = [program.getUint16(at * 8, true), program.getUint8(at * 8 + 2), program.getUint8(at * 8 + 3), program.getUint32(at * 8 + 4, true)];
    if (code === 0x20) register = data.get(value) ?? Number.NaN;
    else if (code === 0x15) at += register === value ? yes : no;
    else if (code === 0x35) at += register >= value ? yes : no;
    else if (code === 0x06) {
      const word = value === 0x7fff_0000 ? ALLOWED : `errno ${value & 0xffff}`;
      assert.equal(word, expected, `call ${call.number} of kind ${call.kind.toString(16)} with ${call.first}`);
      return;
    } else assert.fail(`instruction ${code}`);
  }
  assert.fail('the filter has no end');
}

describe('the filter of system calls', () => {
  it('allows what programs live of', () => {
    for (const number of [0, 1, 2, 9, 42, 56, 57, 59, 101, 157, 202, 257, 272, 319, 435]) check('x64', { kind: X64, number }, ALLOWED);
    for (const number of [56, 63, 64, 93, 203, 220, 221, 222, 279, 435]) check('arm64', { kind: ARM64, number }, ALLOWED);
  });
  for (const [family, number] of Object.entries({ unix: 1, 'inet': 2, 'inet6': 10, netlink: 16 })) {
    it(`allows a socket of family ${family}`, () => {
      check('x64', { kind: X64, number: 41, first: number }, ALLOWED);
      check('x64', { kind: I386, number: 359, first: number }, ALLOWED);
      check('arm64', { kind: ARM64, number: 198, first: number }, ALLOWED);
    });
  }
  it('knows no other family: not vsock, packet, alg, bluetooth, nor one to come', () => {
    for (const first of [0, 3, 17, 21, 29, 30, 31, 38, 40, 41, 42, 44, 45, 46, 255, 0xffff_ffff]) {
      check('x64', { kind: X64, number: 41, first }, 'errno 97');
      check('x64', { kind: I386, number: 359, first }, 'errno 97');
      check('arm64', { kind: ARM64, number: 198, first }, 'errno 97');
    }
  });
  it('has no keyrings, kernel log, BPF, counters and io_uring, in either word size', () => {
    for (const number of [248, 249, 250, 103, 321, 298, 425, 426, 427]) check('x64', { kind: X64, number }, 'errno 38');
    for (const number of [286, 287, 288, 103, 357, 336, 425, 426, 427]) check('x64', { kind: I386, number }, 'errno 38');
    for (const number of [217, 218, 219, 116, 280, 241, 425, 426, 427]) check('arm64', { kind: ARM64, number }, 'errno 38');
  });
  it('gives shared memory of System V in small pieces', () => {
    for (const [processor, kind, number] of [['x64', X64, 29], ['x64', I386, 395], ['arm64', ARM64, 194]] as const) {
      for (const second of [0n, 56n, 65_536n]) check(processor, { kind, number, second }, ALLOWED);
      for (const second of [65_537n, 2n ** 31n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 63n]) check(processor, { kind, number, second }, 'errno 22');
    }
  });
  it('has no call that hides its arguments, none of x32, and none of a kind that it does not know', () => {
    for (const number of [102, 117]) check('x64', { kind: I386, number }, 'errno 38');
    check('x64', { kind: X64, number: 0x4000_0000 + 41, first: 2 }, 'errno 38');
    check('x64', { kind: ARM64, number: 198, first: 2 }, 'errno 38');
    check('arm64', { kind: X64, number: 0 }, 'errno 38');
  });
  it('is not made for a processor whose calls are not known', () => assert.equal(systemCallFilter('riscv64'), undefined));
});
