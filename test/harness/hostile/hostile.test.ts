import assert from 'node:assert/strict';
import { type Attack, FAMILIES, type Language } from './attack.ts';
import { attacksOn } from './attacks.ts';
import { hostileCommands, TRIED } from './generate.ts';
import { bare, faultsOf, type Result } from './play.ts';
import { makeScene, type Scene } from './scene.ts';

const ENDED: Result = { ended: 'exited', output: TRIED, ms: 10, memoryBytes: 0, diskBytes: 0 };

function attack(language: Language, code: string, more: Partial<Attack> = {}): Attack {
  return { family: 'write', name: 'one', language, code, ...more };
}

/** What the oracles say of this one, run without a sandbox. */
async function without(scene: Scene, one: Attack): Promise<readonly string[]> {
  const [hostile] = hostileCommands([one], { count: 1, seed: 1 });
  assert.ok(hostile !== undefined);
  return [...faultsOf(hostile, await bare(scene).play(hostile), scene.aim), ...(await scene.breaches())];
}

describe('hostile commands', () => {
  let scene: Scene;
  before(async () => {
    scene = await makeScene(false);
  });
  after(async () => await scene[Symbol.asyncDispose]());

  it('are the same for the same seed, and others for another', () => {
    const attacks = attacksOn(scene.aim);
    const give = (seed: number): string => JSON.stringify(hostileCommands(attacks, { count: 100, seed }));
    assert.equal(give(1), give(1));
    assert.notEqual(give(1), give(2));
  });
  it('are of every family, the bombs rarer, and no attack comes twice before each has come once', () => {
    const attacks = attacksOn(scene.aim);
    const commands = hostileCommands(attacks, { count: 1_000, seed: 3 });
    for (const family of FAMILIES) {
      const names = commands.filter((one) => one.attack.family === family).map((one) => one.attack.name);
      const all = attacks.filter((one) => one.family === family).length;
      assert.ok(names.length >= 50, `${family}: ${names.length}`);
      assert.equal(new Set(names).size, Math.min(names.length, all), family);
    }
  });
  it('have names of their own, so that a failure can be played again with --only', () => {
    const names = attacksOn(scene.aim).map(({ name, family }) => `${family} ${name}`);
    assert.equal(new Set(names).size, names.length);
  });
  it('are vacuous when they end before their attack', () => {
    const [hostile] = hostileCommands([attack('sh', 'true')], { count: 1, seed: 1 });
    assert.ok(hostile !== undefined);
    assert.match(faultsOf(hostile, { ...ENDED, ended: 'unstarted', output: 'bwrap: no' }, scene.aim).join(), /^vacuous: it unstarted/);
    assert.deepEqual(faultsOf(hostile, ENDED, scene.aim), []);
    assert.match(faultsOf(hostile, { ...ENDED, ms: 60_000 }, scene.aim).join(), /it took 60000 ms/);
    assert.match(faultsOf(hostile, { ...ENDED, memoryBytes: 9e9 }, scene.aim).join(), /free memory fell by 9000 MB/);
    assert.match(faultsOf(hostile, { ...ENDED, ended: 'wall-limit' }, scene.aim).join(), /should end by itself/);
  });

  describe('without a sandbox', () => {
    it('are seen to write, to change a mode, to link and to remove', async () => {
      const { outside, home, token } = scene.aim;
      assert.deepEqual(await without(scene, attack('sh', `echo x > '${outside}/canary.txt'`)), [`changed ${outside}/canary.txt`]);
      assert.deepEqual(await without(scene, attack('sh', `chmod 700 '${outside}/canary.txt'`)), [`changed ${outside}/canary.txt`]);
      assert.deepEqual((await without(scene, attack('sh', `ln '${outside}/canary.txt' '${home}/l'`))).filter((fault) => fault.includes('made')), [`made ${home}/l`]);
      assert.ok((await without(scene, attack('sh', `rm '${home}/.bashrc'`))).includes(`removed ${home}/.bashrc`));
      assert.deepEqual(await without(scene, attack('sh', `touch /tmp/${token}`)), [`made /tmp/${token}`]);
      assert.deepEqual(await without(scene, attack('sh', 'true')), []);
    });
    it('are heard on TCP, UDP and sockets of files and of no file', async () => {
      const heard = async (name: string): Promise<string> => {
        const one = attacksOn(scene.aim).find((known) => known.name === name);
        assert.ok(one !== undefined, name);
        return (await without(scene, one)).join();
      };
      assert.match(await heard('tcp 127.0.0.1 by node'), /heard outside: tcp/);
      assert.match(await heard('tcp ::1 by python'), /heard outside: tcp/);
      assert.match(await heard('udp 127.0.0.1 by bash'), /heard outside: udp/);
      assert.match(await heard(`unix socket ${scene.aim.outside}/s.sock by node`), /heard outside: unix \/outside\/s\.sock/);
      assert.match(await heard('abstract socket by python'), /heard outside: unix @hostile-/);
    });
    it('are seen to leave a process, to signal one, and to read a secret', async () => {
      assert.match((await without(scene, attack('bash', `(exec -a ${scene.aim.token} sleep 60) & disown`))).join(), /left process \d+/);
      assert.match((await without(scene, attack('sh', `kill -STOP ${scene.aim.victim}`))).join(), /a process outside was signalled/);
      assert.match((await without(scene, attack('sh', `cat '${scene.aim.home}/.ssh/id_ed25519'`))).join(), /it read a file/);
      assert.match((await without(scene, attack('sh', 'echo BREACH: x'))).join(), /it says BREACH: x/);
    });
  });
});
