/** Decides what is a secret in a text, and takes it out before the text reaches a model, the log, a trace or a report. */

export type Redact = (text: string) => string;

/** Stands where a secret was; never written back to a file (registry rule "redacted.write-back"). */
export const REDACTED = '[redacted]';

/** Whether `after` would write our own mark where the file did not have it: the model never saw what stood there. */
export function writesMarkBack(before: string | null, after: string): boolean {
  return count(after, REDACTED) > count(before ?? '', REDACTED);
}

/** `values`: secrets known by value, from .env files and the environment. */
export function createRedactor(values: readonly string[] = []): Redact {
  const known = [...new Set(values.flatMap(forms))].toSorted((a, b) => b.length - a.length).slice(0, VALUES_MAX);
  const byValue = known.length === 0 ? undefined : new RegExp(known.map(escaped).join('|'), 'g');
  return (text) => {
    let clean = byValue === undefined ? text : text.replace(byValue, REDACTED);
    for (const { pattern, keep } of PATTERNS) clean = clean.replace(pattern, keep ?? REDACTED);
    return clean;
  };
}

/** Values of a .env file that are worth hiding: by the name of the variable, or because they look random. */
export function secretsOfEnvFile(text: string): readonly string[] {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const match = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], unquoted(match[2])]];
  });
  return pairs.filter(([name, value]) => isSecretPair(name, value)).map(([, value]) => value);
}

/** Values of environment variables whose names say that they are secret (design 05: KEY, TOKEN, SECRET, PASS). */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) && value.length >= NAMED_LENGTH_MIN && !isPathOrPlain(value) ? [value] : []));
}

const VALUES_MAX = 2_000;
/** Shorter values stand in ordinary code everywhere ("test", "3000"), and hiding them would only blind the model. */
const NAMED_LENGTH_MIN = 6;
const RANDOM_LENGTH_MIN = 16;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|SALT|DSN|WEBHOOK|COOKIE/i;

function isSecretPair(name: string, value: string): boolean {
  if (isPathOrPlain(value)) return false;
  return SECRET_NAME.test(name) ? value.length >= NAMED_LENGTH_MIN : value.length >= RANDOM_LENGTH_MIN && /\d/.test(value) && /[a-z]/i.test(value) && !/\s/.test(value) && !/^https?:\/\/[^@]*$/.test(value);
}

/** What variables with secret-like names often hold without being secret: paths, words, booleans (SSH_AUTH_SOCK, KEYBOARD=us). */
function isPathOrPlain(value: string): boolean {
  return /^(?:true|false|null|none|changeme|secret|password|development|production|localhost)$/i.test(value) || /^(?:\/|\.\/|\.\.\/)[\w./-]*$/.test(value);
}

function unquoted(value: string): string {
  const quoted = /^(["'`])(.*)\1(?:\s+#.*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/\s+#.*$/, '');
}

/** As written, and as an encoder on the way would write it. */
function forms(value: string): readonly string[] {
  if (value.length < RANDOM_LENGTH_MIN) return [value];
  const bytes = new TextEncoder().encode(value);
  const binary = String.fromCharCode(...bytes.slice(0, 4_096));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [value, btoa(binary).replace(/=+$/, ''), hex, value.isWellFormed() ? encodeURIComponent(value) : value, JSON.stringify(value).slice(1, -1)];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Linear patterns only. Prefixes as their issuers document them for secret scanning. */
const PATTERNS: readonly { readonly pattern: RegExp; readonly keep?: string }[] = [
  { pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}/g },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{22,255}/g },
  { pattern: /\bglpat-[\w-]{20,64}/g },
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { pattern: /\bxox[abeoprs]-[\w-]{10,255}/g },
  { pattern: /\bxapp-[\w-]{10,255}/g },
  { pattern: /\bhttps:\/\/hooks\.slack\.com\/services\/[\w/]{20,128}/g },
  { pattern: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}/g },
  { pattern: /\bsk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,255}/g },
  { pattern: /\bAIza[\w-]{35}/g },
  { pattern: /\bya29\.[\w-]{20,255}/g },
  { pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { pattern: /\bpypi-[\w-]{50,255}/g },
  { pattern: /\bhf_[A-Za-z0-9]{30,64}\b/g },
  { pattern: /\bSG\.[\w-]{16,32}\.[\w-]{32,64}/g },
  { pattern: /\bdop_v1_[a-f0-9]{64}\b/g },
  { pattern: /\bey[JK][\w-]{10,2048}\.ey[JK][\w-]{10,4096}\.[\w-]{10,1024}/g },
  { pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:'"]{0,128}:[^\s/@'"]{1,256}@/gi, keep: `$1${REDACTED}@` },
  { pattern: /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)\s{1,4})[\w.~+/=-]{8,2048}/gi, keep: `$1${REDACTED}` },
  { pattern: /((?:aws_secret_access_key|secret_access_key|accountkey|sharedaccesskey)["']?\s{0,4}[:=]\s{0,4}["']?)[A-Za-z0-9/+=]{32,128}/gi, keep: `$1${REDACTED}` },
];
