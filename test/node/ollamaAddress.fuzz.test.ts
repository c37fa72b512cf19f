import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HostFault } from '../../src/core/model/models.ts';
import { isLoopback } from '../../src/node/httpFetch.ts';
import { createOllama, parseHost } from '../../src/node/ollama.ts';
import { fuzzing, fuzzTimeout } from '../support/fuzzing.ts';

const PIECES = ['http://', 'https://', 'ftp://', '127.0.0.1', 'localhost', '[::1]', 'evil.test', '@', ':', '/', '\\', '#', '?', '.', '0x7f000001', '2130706433', '0177.0.0.1', '127.1', '::ffff:10.0.0.1', '[', ']', ':80', ':11434', '%2f', '%00', '\u3002', '\uff0e', ' ', '\t', '10.0.0.1', '169.254.169.254', '0.0.0.0', 'user:pass'];

describe('any address of a server', () => {
  it('is this machine, or is refused where nobody named it', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }).map((parts) => parts.join('')), (text) => {
      try {
        using models = createOllama({ url: text, allowRemote: false });
        const { hostname } = new URL(models.host);
        assert.match(hostname, /^(?:localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/, text);
        assert.ok(isLoopback(parseHost(text)));
      } catch (error) {
        assert.ok(error instanceof HostFault && error.message !== '', String(error));
      }
    }), fuzzing(1_500));
  });
});
