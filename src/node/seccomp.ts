/**
 * Decides which system calls a confined command does not have: those that lead past its namespaces. Sockets are of the kinds that
 * the network namespace holds (a virtual machine's AF_VSOCK is not among them); keyrings, the kernel's log, BPF, counters
 * and io_uring, which opens sockets without asking this filter, are as if the kernel had none. Shared memory of System V, which no
 * list shows once nobody maps it, comes in small pieces only.
 */

/** The filter as bubblewrap's --seccomp reads it; undefined: not known for this processor. */
export function systemCallFilter(processor: string = process.arch): Uint8Array | undefined {
  const kinds = CALLS[processor];
  if (kinds === undefined) return undefined;
  // A program of a kind that is not named (a foreign word size, x32) has no call at all.
  return bytesOf([load(OFFSET_KIND), ...kinds.flatMap(block), result(ERRNO | ENOSYS)]);
}

interface Calls {
  /** AUDIT_ARCH of linux/audit.h. */
  readonly kind: number;
  readonly socket: number;
  readonly shmget: number;
  readonly absent: readonly number[];
  /** Numbers from here on are another kind's (x32). */
  readonly end?: number;
}

const IO_URING = [425, 426, 427] as const;
/** Numbers of the kernel's own tables (arch/x86/entry/syscalls, asm-generic/unistd.h), in this order: add_key, request_key, keyctl, syslog, bpf, perf_event_open. */
const CALLS: Readonly<Record<string, readonly Calls[]>> = {
  x64: [
    { kind: 0xc000_003e, socket: 41, shmget: 29, absent: [248, 249, 250, 103, 321, 298, ...IO_URING], end: 0x4000_0000 },
    // socketcall (102) and ipc (117) hide which call they are; what is newer than 2018 calls each by its own number.
    { kind: 0x4000_0003, socket: 359, shmget: 395, absent: [286, 287, 288, 103, 357, 336, 102, 117, ...IO_URING] },
  ],
  arm64: [
    { kind: 0xc000_00b7, socket: 198, shmget: 194, absent: [217, 218, 219, 116, 280, 241, ...IO_URING] },
    { kind: 0x4000_0028, socket: 281, shmget: 307, absent: [309, 310, 311, 103, 386, 364, 102, 117, ...IO_URING] },
  ],
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (bits/socket.h): what the network namespace bounds, or the file system does. */
const FAMILIES = [1, 2, 10, 16] as const;
/** 4,096 segments (shmmni) of so much are 256 MB. Databases ask for less than a page. */
const SEGMENT_BYTES_MAX = 64 * 1024;
const EINVAL = 22;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** linux/seccomp.h, linux/filter.h and linux/bpf_common.h. */
const ERRNO = 0x0005_0000;
const ALLOW = 0x7fff_0000;
const OFFSET_NUMBER = 0;
const OFFSET_KIND = 4;
const OFFSET_FIRST_ARGUMENT = 16;
const OFFSET_SECOND_ARGUMENT = 24;
const HIGH_HALF = 4;
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const RETURN = 0x06;

interface Instruction {
  readonly code: number;
  /** How many to skip when it holds, and when it does not. */
  readonly yes: number;
  readonly no: number;
  readonly value: number;
}

const load = (value: number): Instruction => ({ code: LOAD, yes: 0, no: 0, value });
const result = (value: number): Instruction => ({ code: RETURN, yes: 0, no: 0, value });
/** Runs the next instruction when the number is this one, else skips it. */
const when = (value: number): Instruction => ({ code: JUMP_EQUAL, yes: 0, no: 1, value });

const asSegment: readonly Instruction[] = [
  load(OFFSET_SECOND_ARGUMENT + HIGH_HALF),
  { code: JUMP_EQUAL, yes: 1, no: 0, value: 0 },
  result(ERRNO | EINVAL),
  load(OFFSET_SECOND_ARGUMENT),
  { code: JUMP_AT_LEAST, yes: 0, no: 1, value: SEGMENT_BYTES_MAX + 1 },
  result(ERRNO | EINVAL),
  result(ALLOW),
];

/** For one kind of program: skipped whole for another. */
function block({ kind, socket, shmget, absent, end }: Calls): readonly Instruction[] {
  const body = [
    load(OFFSET_NUMBER),
    ...(end === undefined ? [] : [{ code: JUMP_AT_LEAST, yes: 0, no: 1, value: end }, result(ERRNO | ENOSYS)]),
    ...absent.flatMap((number) => [when(number), result(ERRNO | ENOSYS)]),
    { code: JUMP_EQUAL, yes: 0, no: asSegment.length, value: shmget },
    ...asSegment,
    { code: JUMP_EQUAL, yes: 1, no: 0, value: socket },
    result(ALLOW),
    load(OFFSET_FIRST_ARGUMENT),
    ...FAMILIES.flatMap((family) => [when(family), result(ALLOW)]),
    result(ERRNO | EAFNOSUPPORT),
  ];
  return [{ code: JUMP_EQUAL, yes: 0, no: body.length, value: kind }, ...body];
}

/** struct sock_filter, in the byte order of both processors. */
function bytesOf(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, { code, yes, no, value }] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, yes);
    bytes.setUint8(index * 8 + 3, no);
    bytes.setUint32(index * 8 + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}
