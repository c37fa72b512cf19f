import assert from 'node:assert/strict';
import { folded, sensitivityOf } from '../../../src/core/tools/protectedPaths.ts';
import type { Sensitivity } from '../../../src/core/tools/protectedPaths.ts';

function check(expected: Sensitivity, paths: readonly string[]): void {
  for (const path of paths) it(`${JSON.stringify(path)} is ${expected}`, () => assert.equal(sensitivityOf(path, path), expected));
}

describe('protectedPaths', () => {
  check('never', ['', '.', '.git', '.git/config', '.git/hooks/pre-commit', 'sub/.git', 'sub/.git/HEAD', '.groundcrew/policy.json']);
  check('never', ['.GIT/config', '.Git', '.git./config', '.git /x', 'git~1/config', 'GIT~2', '.g\u200cit/config', '.\u200dgit', '.git\u206f/hooks/x', '.git::$INDEX_ALLOCATION/config', '.git:x', '.gıt', '.GroundCrew/x']);
  check('secret', ['.env', '.env.local', '.env.production', 'app/.ENV', '.envrc', 'prod.env', '.npmrc', '.pypirc', '.netrc', 'pip.conf', 'server.pem', 'a/b.KEY', 'id_rsa', 'id_ed25519', 'keys/id_custom', '.ssh/config', '.aws/credentials', '.docker/config.json', 'x.p12', 'terraform.tfstate']);
  check('secret', ['.e\u00adnv', '.env ', '.ENV.', '\uFF0Eenv'.normalize('NFKC')]);
  check('protected', ['.vscode/settings.json', '.VSCode/tasks.json', '.idea/x.xml', 'x.code-workspace', '.gitattributes', 'sub/.gitattributes', '.gitmodules', '.gitconfig', '.yarnrc', '.yarnrc.yml', '.pnpmrc', '.mcp.json', 'mcp.json']);
  check('protected', ['AGENTS.md', 'agents.md', 'CLAUDE.md', '.cursorrules', '.clinerules', '.clinerules/a.md', '.github/copilot-instructions.md', '.github/workflows/ci.yml', '.gitlab-ci.yml', 'Jenkinsfile', '.husky/pre-commit', '.pre-commit-config.yaml', 'lefthook.yml']);
  check('protected', ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'Cargo.lock', 'go.sum', 'poetry.lock', 'Dockerfile', 'Dockerfile.prod', 'docker-compose.yml', 'compose.yaml', '.devcontainer/devcontainer.json', '.devcontainer.json', 'AGENTS.md:x', '.vſcode/settings.json', '.vscode\u200b/x']);
  check('ordinary', ['src/add.js', 'package.json', '.env.example', '.env.sample', '.env.template', 'app/.env.local.example', 'README.md', 'id_utils.py', 'src/keys.ts', 'keyboard.js', 'environment.ts', '.github/ISSUE_TEMPLATE.md', 'docs/agents.html', 'gitignore', '.gitignore', '.gitkeep', 'git/x.js', 'vscode/x.ts', 'src/token.rs', 'lock.ts', 'id_rsa.pub', 'tsconfig.json']);

  it('takes the stricter of the written and the real path', () => {
    assert.equal(sensitivityOf('src/a.js', '.git/config'), 'never');
    assert.equal(sensitivityOf('.vscode/settings.json', 'src/a.js'), 'protected');
    assert.equal(sensitivityOf('src/a.txt', '.env'), 'secret');
  });

  it('gives composed and decomposed spellings one text', () => {
    assert.equal(folded('CAF\u00c9/x'), folded('cafe\u0301/X'));
  });
});
