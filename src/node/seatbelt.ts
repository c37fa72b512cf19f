/** Decides what a confined command may do on macOS: the profile for sandbox-exec, as text. There is no mount namespace, so the copy stands at its own path. */

export interface SeatbeltProfile {
  /** The slot, the out folder, a private temporary folder, build caches. */
  readonly writable: readonly string[];
  /** Toolchains and the real dependency folders. */
  readonly readable: readonly string[];
}

/** What every program needs to start (dyld, locale, devices); none of it is the user's. */
const SYSTEM_READABLE = ['/usr', '/bin', '/sbin', '/System', '/Library', '/opt/homebrew', '/private/etc', '/private/var/db/timezone', '/private/var/select', '/dev'] as const;

/** Later rules win. Secrets below readable folders stay denied. The network is its own loopback only. */
export function seatbeltProfile({ writable, readable }: SeatbeltProfile): string {
  const subpaths = (paths: readonly string[]): string => paths.map((path) => `(subpath ${quote(path)})`).join(' ');
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork) (allow process-exec) (allow signal (target same-sandbox)) (allow process-info* (target same-sandbox))',
    '(allow sysctl-read) (allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))',
    '(allow ipc-posix-shm) (allow ipc-posix-sem)',
    '(allow file-read-metadata)',
    `(allow file-read* (literal "/") ${subpaths([...SYSTEM_READABLE, ...readable, ...writable])})`,
    `(allow file-write* (literal "/dev/null") (literal "/dev/tty") ${subpaths(writable)})`,
    '(deny file-read* (regex #"/\\.(ssh|aws|gnupg|netrc|npmrc|pypirc)(/|$)") (subpath "/private/etc/ssh"))',
    '(deny network*)',
    '(allow network* (local ip "localhost:*")) (allow network-outbound (remote ip "localhost:*"))',
    '',
  ].join('\n');
}

/** A string of the profile language (TinyScheme). @throws RangeError for a control character, which no profile can hold. */
function quote(path: string): string {
  if (/[\x00-\x1f]/u.test(path)) throw new RangeError(`The sandbox cannot name the path ${JSON.stringify(path)}: it holds a control character. Rename it.`);
  return `"${path.replace(/["\\]/gu, '\\$&')}"`;
}
