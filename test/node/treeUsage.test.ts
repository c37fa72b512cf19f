import assert from 'node:assert/strict';
import { createMeter, type Room } from '../../src/node/treeUsage.ts';
import { limits } from './support.ts';

const GIGABYTE = 1024 ** 3;
const ROOMY: Room = { free: 50 * GIGABYTE, whole: 100 * GIGABYTE };

/** What a meter says when memory or disk went from the first room to the second. */
function check({ memory = [ROOMY, ROOMY], disk = [ROOMY, ROOMY] }: { readonly memory?: readonly [Room, Room]; readonly disk?: readonly [Room, Room] }, expected: RegExp | undefined): void {
  const looks = { memory: [...memory], disk: [...disk] };
  const next = (rooms: Room[]): Room => rooms.shift() ?? ROOMY;
  const said = createMeter({ limits, memoryFolders: [], folder: '/', machine: { memory: () => next(looks.memory), disk: () => next(looks.disk) } }).over(undefined);
  if (expected === undefined) assert.equal(said, undefined);
  else assert.match(said ?? '', expected);
}

describe('the processes of a tree', () => {
  it('are none while its root is still ours: the sandbox is being made then', () => {
    const meter = createMeter({ limits: { ...limits, processes: 1, memoryBytes: 1 }, memoryFolders: ['/dev/shm'], folder: '/' });
    assert.equal(meter.crowded(process.pid), undefined);
    assert.equal(meter.over(process.pid), undefined);
    assert.equal(meter.crowded(undefined), undefined);
    assert.equal(meter.crowded(2 ** 22 + 1), undefined, 'a process that is gone');
  });
});

describe('what a tree may take of the machine', () => {
  const room = (free: number): Room => ({ free: free * GIGABYTE, whole: 100 * GIGABYTE });
  it('is not all of the disk', () => {
    check({ disk: [room(50), room(4.9)] }, /^5261 MB are left on the disk, 53687 MB were free when it began$/);
    check({ disk: [room(50), room(6)] }, undefined);
  });
  it('is not all of the memory', () => {
    check({ memory: [room(50), room(9.9)] }, /of this machine's memory are left/);
    check({ memory: [room(50), room(11)] }, undefined);
  });
  it('is not what was gone when it began', () => {
    check({ disk: [room(3), room(2.5)] }, undefined);
    check({ memory: [room(9), room(8.5)] }, undefined);
    check({ disk: [room(3), room(1.9)] }, /are left on the disk/);
  });
  it('is not known where the system does not say', () => check({ memory: [room(50), { free: 0, whole: 0 }], disk: [room(50), { free: 0, whole: 0 }] }, undefined));
});
