/** Decides where else an Ollama may answer when this machine is a guest: WSL, a container, a remote session. */
import { existsSync, readFileSync } from 'node:fs';
import { createOllama } from './ollama.ts';

const PORT = 11434;
const TRY_MS = 1_500;

/** Addresses that answered, in the order tried; only tried inside WSL, SSH or a container. */
export async function gatewayHosts(signal: AbortSignal): Promise<readonly string[]> {
  if (!isGuest()) return [];
  const urls = ['host.docker.internal', 'host.containers.internal', defaultGateway()].filter((name) => name !== undefined).map((name) => `http://${name}:${PORT}`);
  const answers = await Promise.all(urls.map(async (url) => ((await answersAt(url, signal)) ? [url] : [])));
  return answers.flat();
}

function isGuest(): boolean {
  return process.env['WSL_DISTRO_NAME'] !== undefined || process.env['SSH_CONNECTION'] !== undefined || existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

async function answersAt(url: string, signal: AbortSignal): Promise<boolean> {
  using models = createOllama({ url, allowRemote: true });
  try {
    await models.version(AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]));
    return true;
  } catch {
    return false; // an address that does not answer is simply not offered
  }
}

/** From the kernel's table of routes: proc(5), hexadecimal, least significant byte first. */
function defaultGateway(): string | undefined {
  if (!existsSync('/proc/net/route')) return undefined;
  const row = readFileSync('/proc/net/route', 'utf8').split('\n').map((line) => line.split('\t')).find((fields) => fields[1] === '00000000' && fields[2] !== '00000000');
  const bytes = /^(..)(..)(..)(..)$/u.exec(row?.[2] ?? '');
  return bytes === null ? undefined : [bytes[4], bytes[3], bytes[2], bytes[1]].map((byte) => Number.parseInt(byte ?? '0', 16)).join('.');
}
