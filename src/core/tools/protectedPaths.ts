/** Decides which paths are protected or secret: by name, on the path as written and on the real one, in whatever case or Unicode form. */

/**
 * `never`: no agent writes it, no question asked. `secret`: holds credentials, so reading it needs a grant of its own; writing it asks.
 * `protected`: changes what runs, who is trusted or what agents are told; writing asks.
 */
export type Sensitivity = 'ordinary' | 'protected' | 'secret' | 'never';

/** The strictest of both names; names that do not exist yet count too. Paths are relative to the workspace, "/" between segments. */
export function sensitivityOf(path: string, real: string): Sensitivity {
  const found = [path, real].map(folded).flatMap((name) => [byName(name), byName(withoutStreams(name))]);
  return order.find((sensitivity) => found.includes(sensitivity)) ?? 'ordinary';
}

/**
 * One text for all spellings that some file system takes for the same name: NFC, case folded (APFS, NTFS), without the invisible
 * code points that HFS+ ignores, the trailing dots and spaces that NTFS drops (CVE-2014-9390, CVE-2019-1352).
 */
export function folded(path: string): string {
  return path
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .split('/')
    .map((segment) => segment.replace(/[. ]+$/, ''))
    .filter((segment) => segment !== '')
    .join('/');
}

/** NTFS takes ".git:x:$DATA" for a stream of ".git". */
function withoutStreams(path: string): string {
  return path.replace(/:[^/]*/g, '');
}

const order = ['never', 'secret', 'protected'] as const;

/** Folders and names anywhere in the path. `git~1` is the short name that NTFS gives to `.git`. */
const NEVER = /^(?:\.git|git~\d+|\.groundcrew)$/;

const PROTECTED_FOLDERS = new Set(['.vscode', '.idea', '.husky', '.clinerules', '.devcontainer', '.cursor', '.windsurf', '.claude', '.circleci', '.hg', '.svn']);

const PROTECTED_NAMES = new Set([
  '.gitattributes', '.gitmodules', '.gitconfig', '.groundcrewignore',
  '.yarnrc', '.yarnrc.yml', '.yarnrc.yaml', '.pnpmrc', '.pnpmfile.cjs', '.bunfig.toml', 'bunfig.toml', '.mcp.json', 'mcp.json',
  'agents.md', 'claude.md', 'gemini.md', '.cursorrules', '.windsurfrules', '.clinerules', '.aider.conf.yml',
  '.gitlab-ci.yml', '.gitlab-ci.yaml', 'jenkinsfile', '.travis.yml', 'azure-pipelines.yml', 'bitbucket-pipelines.yml', 'appveyor.yml',
  '.pre-commit-config.yaml', '.pre-commit-config.yml', 'lefthook.yml', 'lefthook.yaml', '.lefthook.yml',
  'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock',
  'poetry.lock', 'pipfile.lock', 'uv.lock', 'pdm.lock', 'cargo.lock', 'go.sum', 'gemfile.lock', 'composer.lock', 'gradle.lockfile', 'flake.lock', 'packages.lock.json',
  'dockerfile', 'containerfile', '.dockerignore', 'devcontainer.json', 'compose.yml', 'compose.yaml',
]);

const PROTECTED_PATTERNS = [
  /\.code-workspace$/, /^\.yarnrc\..*/, /^dockerfile\..+/, /\.dockerfile$/, /^docker-compose.*\.ya?ml$/, /^compose\..+\.ya?ml$/, /^\.devcontainer.*/,
];

/** Below `.github` only what runs or instructs; issue templates are ordinary. */
const PROTECTED_PATHS = [/(?:^|\/)\.github\/(?:workflows|actions|copilot-instructions\.md|instructions|prompts|codeowners|dependabot\.yml)(?:\/|$)/, /(?:^|\/)\.cargo\/config(?:\.toml)?$/];

const SECRET_NAMES = new Set([
  '.npmrc', '.pypirc', '.netrc', '_netrc', '.git-credentials', '.pgpass', '.my.cnf', '.htpasswd', 'pip.conf', 'pip.ini', '.vault-token', '.terraformrc',
  'credentials.json', 'service-account.json', 'secrets.yml', 'secrets.yaml', 'secrets.json', 'secrets.toml', '.dockercfg', 'kubeconfig',
]);

const SECRET_PATTERNS = [
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/, /^id_[^.]*$/, /^id_(?:rsa|dsa|ecdsa|ed25519)[^/]*(?<!\.pub)$/, /^\.env.*$/, /^[^/]+\.env$/, /\.tfstate(?:\.backup)?$/, /\.tfvars$/,
];

/** Told apart from `.env`: files meant to be shared (design 05). */
const EXAMPLES = /\.(?:example|sample|template|dist)$/;

const SECRET_PATHS = [/(?:^|\/)\.(?:ssh|aws|gnupg|azure|kube)(?:\/|$)/, /(?:^|\/)\.docker\/config\.json$/, /(?:^|\/)\.config\/gh(?:\/|$)/];

function byName(path: string): Sensitivity {
  const segments = path.split('/').filter((segment) => segment !== '');
  const name = segments.at(-1);
  if (name === undefined || segments.some((segment) => NEVER.test(segment))) return 'never';
  if (isSecret(path, name)) return 'secret';
  if (segments.some((segment) => PROTECTED_FOLDERS.has(segment))) return 'protected';
  const isProtected = PROTECTED_NAMES.has(name) || PROTECTED_PATTERNS.some((pattern) => pattern.test(name)) || PROTECTED_PATHS.some((pattern) => pattern.test(path));
  return isProtected ? 'protected' : 'ordinary';
}

function isSecret(path: string, name: string): boolean {
  if (SECRET_PATHS.some((pattern) => pattern.test(path))) return true;
  if (EXAMPLES.test(name)) return false;
  return SECRET_NAMES.has(name) || SECRET_PATTERNS.some((pattern) => pattern.test(name));
}
