/** Decides what stands outside the sandbox while hostile commands run, and how it shows that one of them reached it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What an attack is told about the outside, so that it can aim. */
export interface Aim {
  readonly ws: string;
  readonly outside: string;
  readonly home: string;
  /** In the name of every file that an attack makes in a place of the system. */
  readonly token: string;
  /** Stands in files that no command may read. */
  readonly secret: string;
  readonly tcp: number;
  readonly udp: number;
  /** Addresses of this machine that somebody listens on. */
  readonly hosts: readonly string[];
  readonly sockets: readonly string[];
  readonly abstract: string;
  readonly victim: number;
  readonly keeper: number;
}

export interface Scene extends AsyncDisposable {
  readonly aim: Aim;
  readonly tmp: string;
  readonly cache: string;
  /** Sentences on what differs from the start; then differs no more, where it can be put back. */
  breaches(): Promise<readonly string[]>;
}

/** 192.168.1.5 stands for a machine of the local network, 169.254.169.254 for a cloud's metadata service. */
const ADDRESSES = ['192.168.1.5', '169.254.169.254'];
/** How long something that was sent may take to arrive on this machine's own loopback. */
const SETTLE_MS = 3;
/** Where a file of an attack could lie beside its own places. */
const SYSTEM_FOLDERS = ['/', '/dev', '/dev/shm', '/etc', '/opt', '/run', '/tmp', '/usr', '/usr/bin', '/usr/local/bin', '/usr/local/lib', '/var', '/var/tmp', '/root', '/home'];

/** `isolated`: this process has network and process namespaces of its own, so that every packet and process in them is the attack's. */
export async function makeScene(isolated: boolean): Promise<Scene> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-hostile-')));
  const [ws, outside, home] = ['ws', 'outside', 'home'].map((name) => join(base, name));
  if (ws === undefined || outside === undefined || home === undefined) throw new Error('unreachable');
  const token = `hostile-${randomBytes(6).toString('hex')}`;
  const secret = `canary${randomBytes(16).toString('hex')}`;
  fill({ ws, outside, home }, secret);
  if (isolated) {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    for (const address of ADDRESSES) execFileSync('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
  }
  const heard: string[] = [];
  const hosts = ['127.0.0.1', '::1', ...(isolated ? ADDRESSES : [])];
  const sockets = [join(outside, 's.sock'), join(ws, 'app.sock'), join(ws, 'node_modules', 'dep', 'dep.sock'), join(ws, '.git', 'watch.ipc')];
  const abstract = `\0${token}`;
  const tcp = await listenTcp({ port: 0 }, 'tcp', heard);
  const more = await Promise.all([...sockets, abstract].map((path) => listenTcp({ path }, `unix ${path.replace('\0', '@').replace(base, '')}`, heard)));
  const udp = await listenUdp(heard);
  let victim = startVictim();
  const before = { files: manifest([ws, outside, home]), packets: isolated ? packets() : '', processes: new Set<number>() };
  before.processes = new Set(livePids());
  const aim: Aim = { ws, outside, home, token, secret, tcp: portOf(tcp), udp: udp.address().port, hosts, sockets, abstract: token, victim: victim.pid ?? 0, keeper: process.pid };
  const processesLeft = (): readonly number[] => livePids().filter((pid) => !before.processes.has(pid) && (isolated || isOurs(pid, token)));
  return {
    aim, tmp: join(base, 'tmp'), cache: join(base, 'cache'),
    async breaches() {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const found = heard.splice(0).map((what) => `heard outside: ${what}`);
      const counted = isolated ? packets() : '';
      if (counted !== before.packets) found.push(`packets counted: ${counted}, before: ${before.packets}`);
      before.packets = counted;
      const files = manifest([ws, outside, home]);
      const changed = differences(before.files, files);
      found.push(...changed);
      if (changed.length > 0) {
        fill({ ws, outside, home }, secret);
        before.files = manifest([ws, outside, home]);
      }
      for (const path of tokens(token)) {
        found.push(`made ${path}`);
        rmSync(path, { recursive: true, force: true });
      }
      for (const pid of processesLeft()) {
        found.push(`left process ${pid}: ${readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`);
        tryKill(pid);
      }
      const state = /^State:\s+(\w).*^TracerPid:\s+(\d+)/msu.exec(readText(`/proc/${victim.pid}/status`));
      if (victim.exitCode !== null || victim.signalCode !== null || state?.[1] === undefined || !'SR'.includes(state[1]) || state[2] !== '0') {
        found.push('a process outside was signalled or traced');
        victim.kill('SIGKILL');
        before.processes.delete(aim.victim);
        victim = startVictim();
        before.processes.add(victim.pid ?? 0);
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      victim.kill('SIGKILL');
      for (const server of [tcp, ...more]) server.close();
      udp.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function fill({ ws, outside, home }: Pick<Aim, 'ws' | 'outside' | 'home'>, secret: string): void {
  const files: Readonly<Record<string, string>> = {
    [`${ws}/package.json`]: '{"name":"a","version":"1.0.0"}\n', [`${ws}/src/a.js`]: 'export const a = 1;\n', [`${ws}/node_modules/dep/index.js`]: 'module.exports = 1;\n',
    [`${ws}/node_modules/dep/package.json`]: '{"name":"dep","version":"1.0.0"}\n', [`${ws}/.git/config`]: '[core]\n', [`${ws}/.git/HEAD`]: 'ref: refs/heads/main\n', [`${ws}/.git/hooks/keep`]: '',
    [`${outside}/canary.txt`]: `${secret}\n`, [`${outside}/deep/canary.txt`]: `${secret}\n`, [`${home}/.bashrc`]: `# ${secret}\n`, [`${home}/.ssh/id_ed25519`]: `${secret}\n`, [`${home}/.ssh/authorized_keys`]: 'none\n',
  };
  for (const [path, text] of Object.entries(files)) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
  for (const [link, target] of [[join(ws, 'away'), outside], [join(ws, 'away.txt'), join(outside, 'canary.txt')]] as const) {
    rmSync(link, { recursive: true, force: true });
    symlinkSync(target, link);
  }
}

function startVictim(): ChildProcess {
  return spawn('sleep', ['86400'], { stdio: 'ignore' });
}

async function listenTcp(where: { readonly port: number } | { readonly path: string }, name: string, heard: string[]): Promise<Server> {
  const server = createServer((socket) => {
    heard.push(name);
    socket.on('error', () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(where, resolve);
  });
  return server;
}

async function listenUdp(heard: string[]): Promise<Socket> {
  const socket = createSocket({ type: 'udp6', ipv6Only: false });
  socket.on('message', () => heard.push('udp'));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(0, resolve);
  });
  return socket;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Packets sent and received of each interface (proc(5), net/dev). */
function packets(): string {
  const rows = readText('/proc/net/dev').split('\n').slice(2).filter((line) => line.trim() !== '');
  return rows.map((line) => {
    const [name = '', , received = '', , , , , , , , sent = ''] = line.trim().split(/\s+/u);
    return `${name}${received}/${sent}`;
  }).join(' ');
}

type Manifest = ReadonlyMap<string, string>;

/** Every entry below: kind, mode, owner, times of content and inode, links, content. */
function manifest(folders: readonly string[]): Manifest {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const stats = lstatSync(path, { bigint: true });
    const content = stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : stats.isSymbolicLink() ? readlinkSync(path) : '';
    found.set(path, [stats.mode, stats.uid, stats.ino, stats.nlink, stats.size, stats.mtimeNs, stats.ctimeNs, content].join(' '));
    if (stats.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  for (const folder of folders) visit(folder);
  return found;
}

function differences(before: Manifest, after: Manifest): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).map((path) => `${!after.has(path) ? 'removed' : before.has(path) ? 'changed' : 'made'} ${path}`);
}

function tokens(token: string): readonly string[] {
  return SYSTEM_FOLDERS.flatMap((folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(token)).map((name) => join(folder, name)) : []));
}

function livePids(): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/u.test(name) && /\) [^ZX]/u.test(readText(`/proc/${name}/stat`))).map(Number);
}

function isOurs(pid: number, token: string): boolean {
  return readText(`/proc/${pid}/environ`).includes(token) || readText(`/proc/${pid}/cmdline`).includes(token);
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
