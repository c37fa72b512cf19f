/** Decides how proof reads: checks with their output, candidates with the gate where each fell, the chain of receipts. */
import { createTwoFilesPatch } from 'diff';
import type { Debate } from '../domain/debate.ts';
import type { Patch } from '../domain/patch.ts';
import type { Hashing } from '../ports.ts';
import { verifyReceipts } from '../run/receipts.ts';
import type { CandidateView, RunView } from '../run/view.ts';
import { chip, diff, item, pre, type Section } from './format.ts';
import { html, type Markup } from './html.ts';
import { link } from './link.ts';
import { commandLine, count, duration, offset, short, some } from './text.ts';
import { fact } from './work.ts';

/** Text of a file at a version, where it is still known. */
export type BaseOf = (sha256: string) => string | undefined;

export function proofSections(view: RunView, baseOf: BaseOf, hashing: Hashing): readonly Section[] {
  return [suspectSection(view), checkSection(view), candidateSection(view, baseOf), debateSection(view), findingSection(view), receiptSection(view, hashing)];
}

function suspectSection(view: RunView): Section {
  const rows = view.suspects.map((suspect) => html`<tr class="item"><td><code>${suspect.path}:${suspect.line}${suspect.endLine === suspect.line ? '' : `–${suspect.endLine}`}</code></td><td>${suspect.symbol}</td><td class="number">${suspect.score.toFixed(2)}</td><td>${suspect.evidence}</td></tr>`);
  const body = rows.length === 0 ? undefined : html`<div class="wide"><table><thead><tr><th>place</th><th>in</th><th class="number">score</th><th>evidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  return { id: 'suspects', title: 'Suspects', aside: view.suspectsBy === '' ? '' : `${some(view.suspects.length, 'place')}, by ${view.suspectsBy}`, body };
}

function checkSection(view: RunView): Section {
  const rows = view.checks.map((entry, i) => {
    const { check, outcome } = entry;
    const tests = outcome.tests === null ? '' : some(outcome.tests.length, 'test');
    const failed = (outcome.tests ?? []).filter((test) => test.state === 'failed');
    return item({
      id: `check-${i}`,
      summary: html`<span class="at">${offset(entry.at - view.startedAt)}</span><code class="what">${short(commandLine(check.argv), 90)}</code><span class="note">${entry.purpose}</span><span class="end">${tests}${failed.length > 0 ? `, ${failed.length} failed` : ''} · exit ${outcome.exit ?? 'none'} · ${duration(outcome.durationMs)}</span>${chip(outcome.passed ? 'passed' : 'failed', outcome.passed ? 'good' : 'bad')}`,
      body: html`${fact('Command', html`<code>${commandLine(check.argv)}</code>`)}${fact('In', check.cwd)}${entry.candidate === null ? '' : fact('Candidate', link(view, 'candidate', entry.candidate))}
${entry.receipt === null ? '' : fact('Receipt', link(view, 'receipt', entry.receipt))}${outcome.environment === undefined ? '' : fact('Environment', `${outcome.environment.kind}: ${outcome.environment.evidence}`)}
${failed.map((test) => html`<h4>${test.name}</h4>${test.expected === undefined ? '' : fact('Expected', html`<code>${test.expected}</code>`)}${test.actual === undefined ? '' : fact('Actual', html`<code>${test.actual}</code>`)}${test.message === undefined ? '' : pre(test.message)}`)}
<h4>output</h4>${pre(entry.output)}`,
    });
  });
  return { id: 'checks', title: 'Checks', aside: `${count(rows.length)} run`, body: rows };
}

function candidateSection(view: RunView, baseOf: BaseOf): Section {
  const all = [...view.candidates.values()];
  const rank = (candidate: CandidateView): number => (candidate.state === 'chosen' ? 0 : candidate.state === 'passed' ? 1 : candidate.state === 'failed' ? 2 : 3);
  const sources = [...view.sources.values()].map((source) => html`<p class="fact"><b>${source.source}</b> ${some(source.offered, 'candidate')}, ${source.passed} passed, ${duration(source.durationMs)}${source.stopped === '' ? '' : ` · ${source.stopped}`}</p>`);
  const why = view.chosen === null ? '' : html`<p class="fact"><b>Chosen</b> ${link(view, 'candidate', view.chosen.candidate)}: ${view.chosen.reason}</p>${(view.chosen.clusters.length > 1 ? view.chosen.clusters : []).map((cluster, i) => html`<p class="fact"><b>Behaviour ${i + 1}</b> ${cluster.candidates.join(', ')}${cluster.differsOn === '' ? '' : html` · differs on <code>${cluster.differsOn}</code>`}</p>`)}`;
  return {
    id: 'candidates', title: 'Candidates',
    aside: `${count(all.length)} offered · ${all.filter((candidate) => candidate.state === 'chosen' || candidate.state === 'passed').length} passed every gate they met`,
    body: all.length === 0 ? undefined : html`${sources}${why}${all.toSorted((a, b) => rank(a) - rank(b)).map((candidate) => candidateItem(view, candidate, baseOf))}`,
  };
}

function debateSection(view: RunView): Section {
  const held = view.debates.filter((debate) => debate.state === 'held');
  const rows = view.debates.map((debate) => (debate.state === 'skipped' ? html`<p class="fact"><b>Skipped</b> ${debate.question} ${debate.rule}</p>` : item({
    id: debate.id,
    summary: html`<span class="at">${offset(debate.at - view.startedAt)}</span><span class="what">${debate.question}</span><span class="note">${DECIDED_BY[debate.decidedBy]}</span>${chip(debate.verdict ?? '', debate.verdict === 'inconclusive' ? 'bad' : 'good')}`,
    body: html`${fact('Called for by', debate.rule)}${debate.sides.map((side) => html`<h4>${side.position}</h4>${fact('Candidates', side.candidates.join(', '))}${pre(side.opening)}${side.rebuttal === null ? '' : fact('Rebuttal', side.rebuttal)}`)}
${debate.exhibits.length === 0 ? '' : html`<h4>exhibits, run by the verifier</h4><div class="wide"><table><thead><tr><th>call</th><th>affirmative</th><th>negative</th><th>unchanged code</th></tr></thead><tbody>${debate.exhibits.map((exhibit) => html`<tr class="item"><td><code>${exhibit.call}</code></td><td><code>${exhibit.affirmative}</code></td><td><code>${exhibit.negative}</code></td><td><code>${exhibit.base}</code></td></tr>`)}</tbody></table></div>`}
<h4>ballots</h4>${debate.ballots.map((ballot) => html`<p class="fact"><b>${ballot.choice ?? 'abstains'}</b> ${ballot.voter}${ballot.reason === '' ? '' : ` · ${ballot.reason}`}</p>`)}
${fact('Verdict', `${debate.verdict ?? ''}${debate.confidence === null ? '' : `, ${Math.round(debate.confidence * 100)} % of the ballots cast`}`)}${fact('Changed the outcome', debate.changedOutcome ? 'yes' : 'no')}${fact('Cost', `${count(debate.tokens.prompt)} tokens read, ${count(debate.tokens.reply)} written, ${duration(debate.durationMs)}`)}`,
  })));
  return { id: 'debates', title: 'Debates', aside: `${count(held.length)} held, ${count(view.debates.length - held.length)} skipped`, body: rows.length === 0 ? undefined : rows };
}

const DECIDED_BY: Readonly<Record<Debate['decidedBy'], string>> = {
  exhibits: 'decided by what ran', rules: 'decided by what the changes are and where they come from', opinion: 'decided by opinion alone', nobody: 'nothing decides',
};

function candidateItem(view: RunView, candidate: CandidateView, baseOf: BaseOf): Markup {
  const fell = candidate.verdicts.findLast((verdict) => !verdict.passed);
  const gates = candidate.verdicts.map((verdict) => chip(`${verdict.passed ? '✓' : '✗'} ${verdict.gate}`, verdict.passed ? 'good' : 'bad'));
  return item({
    id: `candidate-${candidate.id}`,
    open: candidate.state === 'chosen',
    summary: html`<span class="at">${offset(candidate.offeredAt - view.startedAt)}</span>${chip(candidate.source)}<span class="what">${candidate.note}</span><span class="note">${fell === undefined ? '' : `fell at ${fell.gate}: ${short(fell.reason, 70)}`}</span>${chip(candidate.state, candidate.state === 'failed' ? 'bad' : candidate.state === 'open' ? 'plain' : 'good')}`,
    body: html`<p class="gates">${gates}</p>${fell === undefined ? '' : fact('Why it fell', fell.reason)}${candidate.call === null ? '' : fact('Written by', link(view, 'call', candidate.call))}${patchOf(candidate.patch, baseOf)}`,
  });
}

function patchOf(patch: Patch, baseOf: BaseOf): Markup {
  return html`${patch.edits.map((edit) => {
    const base = edit.baseSha256 === null ? '' : baseOf(edit.baseSha256);
    if (base === undefined) return html`<p class="note">${edit.path}: the version it was made from is gone from here, so this is the whole new text.</p>${pre(edit.text ?? '(deleted)')}`;
    return diff(createTwoFilesPatch(edit.path, edit.path, base, edit.text ?? '', undefined, undefined, { context: 3 }));
  })}`;
}

function findingSection(view: RunView): Section {
  const rows = view.findings.map((finding) => html`<div class="item message"><p class="line">${chip(finding.severity, finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'plain')}<code>${finding.path}:${finding.line}</code><span class="note">${finding.category} · ${finding.proof}${finding.rule === undefined ? '' : ` · rule ${finding.rule}`}</span></p><p class="said">${finding.claim}</p>${finding.evidence === '' ? '' : pre(finding.evidence)}${finding.edit === undefined ? '' : html`<p class="note">Instead:</p>${pre(finding.edit.text)}`}</div>`);
  return { id: 'findings', title: 'Findings', aside: String(rows.length), body: rows };
}

function receiptSection(view: RunView, hashing: Hashing): Section {
  const chain = verifyReceipts(view.receipts, hashing);
  const rows = view.receipts.map((receipt) => item({
    id: `receipt-${receipt.id}`,
    summary: html`<span class="at">${offset(receipt.at - view.startedAt)}</span><code class="hash">${receipt.hash.slice(0, 12)}</code><code class="what">${short(commandLine(receipt.argv), 80)}</code><span class="end">exit ${receipt.exit ?? 'none'} · ${receipt.confined ? 'confined' : 'not confined'}</span>${chip(receipt.passed ? 'passed' : 'failed', receipt.passed ? 'good' : 'bad')}`,
    body: html`<dl class="hashes">${(['hash', 'previous', 'tree', 'patch', 'environment', 'log'] as const).map((name) => html`<dt>${name}</dt><dd><code>${receipt[name] ?? 'none'}</code></dd>`)}</dl>`,
  }));
  // A run that was resumed after another one has that one's receipts between its own.
  const interrupted = view.resumes > 0 && view.receipts.every((receipt) => verifyReceipts([receipt], hashing).kind === 'whole');
  const state = chain.kind === 'whole' ? 'each follows the one before' : interrupted ? 'each is whole; receipts of other runs stand between' : `BROKEN at ${chain.id}: ${chain.reason}`;
  return { id: 'receipts', title: 'Receipts', aside: `${count(rows.length)} · ${state}`, body: rows.length === 0 ? undefined : html`<div class="chain">${rows}</div>` };
}
