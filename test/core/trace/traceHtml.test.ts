import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { renderTrace } from '../../../src/core/trace/traceHtml.ts';
import { hashing } from '../../../src/node/hashing.ts';
import { base, recorder, sampleRun, sha } from '../../support/sampleRun.ts';

const baseOf = (sha256: string): string | undefined => (sha256 === sha(base) ? base : undefined);
const render = (events: readonly RunEvent[]): string => renderTrace({ view: foldRun(events), events, hashing, baseOf });

/** Text as a reader sees it: tags gone, entities back. */
function shown(page: string): string {
  return page.replace(/<(style|script)>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&').replace(/\s+/g, ' ');
}

function check(events: readonly RunEvent[], ...parts: readonly string[]): void {
  const text = shown(render(events));
  for (const part of parts) assert.ok(text.includes(part), `"${part}" is not shown in: ${text.slice(0, 3_000)}`);
}

describe('renderTrace', () => {
  it('shows outcome, totals and proof first', () => check(sampleRun(), 'The total leaves out the last line of the cart', 'fixed total() left out the last line', 'Prompt tokens 1 397', 'Reply tokens 137', 'Proof node --test test/cart.test.js ended with exit code 0'));
  it('shows each call with its exact prompt and reply', () => check(sampleRun(), '/api/generate', '// cloze import { priceOf }', '300 !== 450', 'for (let i = 1; i < lines.length; i += 1) {'));
  it('shows each tool call with decision and rule', () => check(sampleRun(), 'write_file', 'planner never writes', 'denied', 'typed with --test'));
  it('shows where each candidate fell, and why', () => check(sampleRun(), 'drop a term at src/cart.js:9 fell at target: 300 !== 450', '✓ applies', '✗ target', 'Why it fell total > counts every line still fails'));
  it('shows candidates as diffs where the base is known', () => check(sampleRun(), '- return discount ? sum - sum * discount : sum;', '+ return discount ? sum * discount : sum;'));
  it('shows the whole new text where it is not, and says so', () => {
    const events = sampleRun();
    assert.match(shown(renderTrace({ view: foldRun(events), events, hashing })), /the version it was made from is gone from here.*sum \* discount/);
  });
  it('shows checks with command, exit and output', () => check(sampleRun(), 'exit 1', '2 tests, 1 failed', 'Expected 450', 'Actual 300', '# tests 6'));
  it('shows messages, findings and the chain of receipts', () => check(sampleRun(), "Run the user's check on the tree as it is.", 'A discount of 1 gives 0', '4 · each follows the one before'));
  it('shows a broken chain as broken', () => {
    const forged = sampleRun().map((event) => (event.type === 'receipt.recorded' && event.data.id === 'receipt-c1' ? { ...event, data: { ...event.data, exit: 0 } } : event));
    check(forged, 'BROKEN at receipt-c1');
  });
  it('renders a run that was cut off anywhere', () => {
    const events = sampleRun();
    for (let end = 0; end <= events.length; end += 1) assert.match(render(events.slice(0, end)), /<\/html>\n$/);
    check(events.slice(0, 12), 'not finished', 'was cut off and can be resumed');
  });
  it('renders no events at all', () => check([], 'Empty run'));

  const hostile = '</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>"\'`\u202eevil\u200b\u0007\u001b]8;;http://x\u0007\ud800&amp;';
  it('escapes whatever a model, a program or the user wrote', () => {
    const page = render(sampleRun(hostile));
    assert.doesNotMatch(page, /<img|<script>alert|onerror=alert\(2\)>"/);
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.equal(page.match(/<\/script>/g)?.length, 1);
    assert.ok(shown(page).includes('⟨U+202E⟩evil⟨U+200B⟩⟨U+0007⟩⟨U+001B⟩]8;;http://x'));
  });
  it('holds no control, invisible or direction-changing character, and no half of a pair', () => {
    assert.doesNotMatch(render(sampleRun(hostile)), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u);
  });
  it('has the same tags however hostile its texts are', () => {
    const tags = (page: string): string[] => page.match(/<[a-z]+/g) ?? [];
    assert.deepEqual(tags(render(sampleRun(hostile.replaceAll('\n', '')))), tags(render(sampleRun('x'))));
  });

  it('allows by policy only its own script and style, and no network', () => {
    const page = render(sampleRun());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hash = (tag: string): string => `'sha256-${createHash('sha256').update(new RegExp(`<${tag}>(.*)</${tag}>`, 's').exec(page)?.[1] ?? '').digest('base64')}'`;
    assert.equal(policy, `default-src 'none'; style-src ${hash('style')}; script-src ${hash('script')}; base-uri 'none'; form-action 'none'`);
    assert.doesNotMatch(page, /\s(?:src|style|on[a-z]+)=|href="(?!#)|@import|url\((?!#)/);
  });
  it('links only to what is there', () => {
    const page = render(sampleRun());
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const missing = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id).filter((id) => !ids.has(id));
    assert.deepEqual(missing, []);
    assert.equal(ids.size, [...page.matchAll(/ id="/g)].length);
  });
  it('draws a plan whose tasks wait in a circle, which no valid plan does', () => {
    const record = recorder();
    const task = { title: 't', role: 'coder' as const, acceptance: '', files: [], estimateMs: null };
    record.emit('plan.made', { by: 'model', plan: { tasks: [{ ...task, id: 'a', dependsOn: ['b', 'gone'] }, { ...task, id: 'b', dependsOn: ['a', 'b'] }] } });
    assert.equal(render(record.events).match(/class="task waiting"/g)?.length, 2);
  });
  it('takes a second at most for 5,000 events', () => {
    const record = recorder();
    record.events.push(...sampleRun());
    for (let i = 0; i < 5_000; i += 1) record.emit('degraded', { what: `${i}` });
    const before = performance.now();
    render(record.events);
    assert.ok(performance.now() - before < 1_000);
  });
});
