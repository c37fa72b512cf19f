/** Decides what stands behind the network of one case: a namespace of its own in which every name and every port leads to a log file. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** 192.168.1.5 stands for a machine of the local network, 169.254.169.254 for a cloud's metadata service. */
const ADDRESSES = ['192.168.1.5/32', '169.254.169.254/32'];
const PORTS = [80, 443, 9, 11_434];
const LOOPBACK = Buffer.from([127, 0, 0, 1]);

/** Arguments in front of a program that give it a network and mounts of its own; undefined: none can be had here. */
export function namespace(): readonly string[] | undefined {
  const flags = process.getuid?.() === 0 ? '-nm' : '-rnm';
  try {
    execFileSync('unshare', [flags, 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return ['unshare', flags];
  } catch {
    return undefined;
  }
}

/** Inside such a namespace: `lo` up, the addresses there, names answered with 127.0.0.1 and logged to `sink`. */
export async function startNetwork(folder: string, sink: string): Promise<Disposable> {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const address of ADDRESSES) execFileSync('ip', ['addr', 'add', address, 'dev', 'lo']);
  const resolver = join(folder, 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  execFileSync('mount', ['--bind', resolver, '/etc/resolv.conf']);
  const servers = PORTS.map((port) => createServer((socket) => {
    appendFileSync(sink, `tcp ${port}\n`);
    socket.on('error', () => undefined);
    socket.destroy();
  }).listen(port, '0.0.0.0'));
  const names = createSocket('udp4');
  names.on('message', (question, from) => {
    appendFileSync(sink, `dns ${nameIn(question)}\n`);
    names.send(answerTo(question), from.port, from.address);
  });
  names.bind(53, '127.0.0.1');
  await Promise.all([...servers, names].map((server) => new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))));
  return {
    [Symbol.dispose]() {
      for (const server of servers) server.close();
      names.close();
    },
  };
}

/** RFC 1035, 4.1.2: labels, each behind its length, from the twelfth byte on. */
function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; (question[at] ?? 0) > 0 && labels.length < 64; at += (question[at] ?? 0) + 1) labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)));
  return labels.join('.');
}

/** The question again with one A record; other types get an answer without records. */
function answerTo(question: Buffer): Buffer {
  let end = 12;
  while ((question[end] ?? 0) > 0) end += (question[end] ?? 0) + 1;
  const isAddress = question.readUInt16BE(Math.min(end + 1, question.length - 2)) === 1;
  const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0]);
  const record = isAddress ? Buffer.concat([Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]), LOOPBACK]) : Buffer.alloc(0);
  return Buffer.concat([header, question.subarray(12, end + 5), record]);
}
