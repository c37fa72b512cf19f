/**
 * Decides whether the lock file holds a line for every platform. Where a registry lacks a binary that the present machine
 * does not need, npm leaves its entry out, and `npm ci` then refuses the file: https://github.com/npm/cli/issues/4828.
 */
import * as z from 'zod';

const Platforms = z.record(z.string(), z.string()).default({});
const LockFile = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), dev: z.boolean().optional(), optional: z.boolean().optional(), optionalDependencies: Platforms })),
});

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

interface Missing {
  readonly name: string;
  readonly version: string;
  readonly isDev: boolean;
}

/** Sentences for entries that are missing. */
export function lockFaults(text: string): readonly string[] {
  return missingEntries(text).map(({ name, version }) => `package-lock.json has no entry for ${name}@${version}, so npm ci refuses it: run node test/harness/completeLock.ts`);
}

/** The file with an entry for every platform's package; those of other platforms are never fetched, so they need no hash. */
export function completeLock(text: string): string {
  const lock = JSON.parse(text);
  const added = missingEntries(text).map(({ name, version, isDev }) => {
    const words = name.split(/[/-]/);
    const only = (names: readonly string[], word: string): readonly string[] => names.filter((known) => known === word);
    const libc = words.some((word) => word.startsWith('musl')) ? { libc: ['musl'] } : words.some((word) => word.startsWith('gnu')) ? { libc: ['glibc'] } : {};
    const [os, cpu] = [words.flatMap((word) => only(SYSTEMS, word)), words.flatMap((word) => only(PROCESSORS, word))];
    return [`node_modules/${name}`, { version, ...(cpu.length > 0 ? { cpu } : {}), ...(isDev ? { dev: true } : {}), ...libc, optional: true, ...(os.length > 0 ? { os } : {}) }] as const;
  });
  const packages = Object.fromEntries([...Object.entries(lock.packages), ...added].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...lock, packages }, null, 2)}\n`;
}

function missingEntries(text: string): readonly Missing[] {
  const { packages } = LockFile.parse(JSON.parse(text));
  const missing = Object.values(packages).flatMap(({ dev, optionalDependencies }) => Object.entries(optionalDependencies).map(([name, version]) => ({ name, version, isDev: dev === true })));
  // A range is not a version; npm itself resolves those, as no platform's package is given by a range here.
  return missing.filter(({ name, version }) => /^\d+\.\d+\.\d+/.test(version) && packages[`node_modules/${name}`] === undefined);
}
