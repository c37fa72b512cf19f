/** Decides in which ways touching a file can fail, and what each tells the reader to do. */

/** The path or the file is not one that the crew touches. Nothing was read or changed. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly path: string;
  /** Short and stable: "outside", "link", "special", "too-large", "binary", "absent" … */
  readonly rule: string;
  constructor(path: string, rule: string, reason: string) {
    super(`${shown(path)}: ${reason}`);
    this.path = path;
    this.rule = rule;
  }
}

/** The file is not the version that the change was made from. Nothing was changed. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
  readonly path: string;
  /** null: the file did not exist. */
  readonly expectedSha256: string | null;
  readonly foundSha256: string | null;
  constructor(path: string, expectedSha256: string | null, foundSha256: string | null) {
    super(`${shown(path)} ${difference(expectedSha256, foundSha256)}; nothing was changed. Read it again and make the change from what it holds now.`);
    this.path = path;
    this.expectedSha256 = expectedSha256;
    this.foundSha256 = foundSha256;
  }
}

/** The machine did not let it happen: a full disk, a read-only folder. The old file is intact. */
export class FileFailed extends Error {
  override readonly name = 'FileFailed';
  readonly path: string;
  /** As the system says it: ENOSPC, EROFS, EACCES … */
  readonly code: string;
  constructor(path: string, code: string, reason: string) {
    super(`${shown(path)} could not be changed: ${reason} (${code}). The file is as it was.`);
    this.path = path;
    this.code = code;
  }
}

/** Characters of a path in a message: a hostile one may be 4 KB of control characters. */
const SHOWN_MAX = 200;

function shown(path: string): string {
  const plain = path.replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return plain.length > SHOWN_MAX ? `${plain.slice(0, SHOWN_MAX)}…` : plain;
}

function difference(expected: string | null, found: string | null): string {
  if (expected === null) return 'exists already';
  if (found === null) return 'is gone';
  return 'changed since it was read';
}
