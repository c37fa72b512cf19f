import assert from 'node:assert/strict';
import { REDACTED, createRedactor, secretsOfEnvFile, secretsOfEnvironment, writesMarkBack } from '../../../src/core/tools/secrets.ts';

const CANARY = 'canary0123456789abcdef0123456789abcdef';

function check(text: string, secret: string, values: readonly string[] = []): void {
  it(`hides ${JSON.stringify(text.slice(0, 60))}`, () => {
    const clean = createRedactor(values)(text);
    assert.ok(!clean.includes(secret), clean);
    assert.ok(clean.includes(REDACTED));
  });
}

function keeps(text: string, values: readonly string[] = []): void {
  it(`keeps ${JSON.stringify(text.slice(0, 60))}`, () => assert.equal(createRedactor(values)(text), text));
}

describe('secrets', () => {
  check(`x ${CANARY} y`, CANARY, [CANARY]);
  check(`x ${btoa(CANARY)} y`, btoa(CANARY), [CANARY]);
  check(Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('hex'), [CANARY]);
  check(`const k = 'ghp_012345678901234567890123456789abcdef'`, '012345678901234567890123456789');
  check('github_pat_11AAAAAAA0123456789012345', '11AAAAAAA');
  check('AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7');
  check('sk-proj-abcdefghijklmnopqrstuvwxyz', 'abcdefghij');
  check('xoxb-123456789012-abcdef', '123456789012');
  check('remote = https://x:hunter2hunter@h.test/r', 'hunter2hunter');
  check('postgres://user:pa55word@db/x', 'pa55word');
  check('Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678');
  check('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl', 'eyJzdWIi');
  check('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNzaA');
  check('-----BEGIN RSA PRIVATE KEY-----\nMIIEcut off', 'MIIEcut');
  check('npm_abcdefghijklmnopqrstuvwxyz0123456789', 'abcdefghij');
  check('aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY', 'wJalr');

  keeps('const total = add(1, 2); // sk-ip');
  keeps('http://localhost:3000/a@b');
  keeps('git@github.com:user/repo.git');
  keeps('sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08');
  keeps('import { tokenize } from "./token.js"', secretsOfEnvFile('TOKEN=\nDEBUG=true\nNODE_ENV=development\nPORT=3000'));

  it('takes from .env what is secret by name or looks random, and leaves words', () => {
    const text = `# c\nSECRET=${CANARY}\nexport API_KEY="quoted-value" # note\nDB=a8s7d6f5g4h3j2k1l0q9\nNODE_ENV=production\nPORT=3000\nURL=https://example.test/path1234567\nPASSWORD=true\nKEY_FILE=/etc/ssl/x\nTITLE=A long plain sentence 1`;
    assert.deepEqual(secretsOfEnvFile(text), [CANARY, 'quoted-value', 'a8s7d6f5g4h3j2k1l0q9']);
  });
  it('takes environment variables by name', () => assert.deepEqual(secretsOfEnvironment({ FAKE_TOKEN: CANARY, PATH: '/usr/bin', HOME: '/root', SSH_AUTH_SOCK: '/tmp/x', KEYMAP: 'us' }), [CANARY]));
  it('knows when a model writes the mark back', () => {
    assert.equal(writesMarkBack('key = 1', `key = ${REDACTED}`), true);
    assert.equal(writesMarkBack(`a ${REDACTED}`, `b ${REDACTED}`), false);
  });
  it('takes linear time on hostile text', () => {
    const redact = createRedactor([CANARY]);
    const began = performance.now();
    for (const part of ['-----BEGIN ', '-----BEGIN A PRIVATE KEY-----', 'a:/', 'http://a:', 'eyJ', 'authorization: ', 'sk-']) redact(part.repeat(30_000));
    assert.ok(performance.now() - began < 5_000, `${performance.now() - began}`);
  });
});
