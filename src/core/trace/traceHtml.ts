/** Decides what one run's trace holds: a single HTML file that needs no network and runs no script but its own. */
import type { RunEvent } from '../domain/event.ts';
import type { Hashing } from '../ports.ts';
import type { RunView } from '../run/view.ts';
import { chip, diff, type Section } from './format.ts';
import { html, Markup } from './html.ts';
import { link } from './link.ts';
import { type BaseOf, proofSections } from './proof.ts';
import { SCRIPT, STYLE } from './style.ts';
import { commandLine, count, duration, offset, short, some, titleOf } from './text.ts';
import { workSections } from './work.ts';

/** Events listed one by one at the end; progress is left out and the rest of a longer run is counted. */
const LOG_EVENTS_MAX = 3_000;

export interface TraceSource {
  readonly view: RunView;
  readonly events: readonly RunEvent[];
  readonly hashing: Hashing;
  readonly baseOf?: BaseOf;
}

/**
 * The whole file. `baseOf` gives the text of a file at a version (from the store's blobs, or the workspace while it is unchanged), so
 * that candidates can be shown as diffs; what it does not know is shown as whole new text. Everything from outside is escaped.
 */
export function renderTrace({ view, events, hashing, baseOf = () => undefined }: TraceSource): string {
  const sections = [resultSection(view), ...workSections(view), ...proofSections(view, baseOf, hashing), logSection(view, events)].filter(({ body }) => body !== undefined && !(Array.isArray(body) && body.length === 0));
  const policy = `default-src 'none'; style-src '${digest(STYLE, hashing)}'; script-src '${digest(SCRIPT, hashing)}'; base-uri 'none'; form-action 'none'`;
  return html`${new Markup('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${short(titleOf(view), 60)} · Groundcrew trace</title><style>${new Markup(STYLE)}</style></head><body>
${head(view)}
<nav><div class="bar"><div class="links">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</div><span class="note" id="found"></span><input id="find" type="search" placeholder="Find" aria-label="Find in this trace"><button id="toggle" type="button">Open all</button></div></nav>
<main>${sections.map(({ id, title, aside, body }) => html`<section id="${id}"><h2>${title}<small>${aside}</small></h2>${body}</section>`)}</main>
<footer>Run ${view.run} in ${view.workspace}. ${some(events.length, 'event')}; everything above is folded from them.</footer>
<script>${new Markup(SCRIPT)}</script></body></html>
`.text;
}

/** The browser compares this with the text between the tags. */
function digest(text: string, hashing: Hashing): string {
  const bytes = hashing.sha256(text).match(/../g) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes.map((hex) => Number.parseInt(hex, 16))))}`;
}

function head(view: RunView): Markup {
  const { totals, outcome } = view;
  const facts: readonly (readonly [string, string])[] = [
    ['Started', view.startedAt === 0 ? '–' : new Date(view.startedAt).toISOString().replace('T', ' ').replace(/\.\d+Z/, ' UTC')],
    ['Took', duration(view.durationMs)],
    ['Model', view.model ?? 'none'],
    ['Prompt tokens', count(totals.tokens.prompt)],
    ['Reply tokens', `${count(totals.tokens.reply)}${totals.estimatedCalls > 0 ? ' (in part estimated)' : ''}`],
    ['Model time', duration(totals.modelMs)],
    ['Calls', count(view.calls.size)],
    ['Checks', count(view.checks.length)],
    ['Candidates', count(view.candidates.size)],
    ...(view.resumes > 0 ? [['Resumed', `${view.resumes} ×`] as const] : []),
  ];
  return html`<header class="top"><p class="kicker">Groundcrew trace · ${view.request?.command ?? 'run'} · ${view.run}</p><h1>${short(titleOf(view), 200)}</h1>
<div class="verdict">${outcome === null ? chip('not finished', 'warn') : chip(outcome.kind, outcome.kind === 'fixed' || outcome.kind === 'reviewed' ? 'good' : outcome.kind === 'error' ? 'bad' : 'warn')}<p class="reason">${outcome === null ? 'The log ends here: the run is at work, or was cut off and can be resumed.' : outcome.reason}</p></div>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>`;
}

function resultSection(view: RunView): Section {
  const { outcome } = view;
  const notices = [
    ...view.degraded.map((what) => html`<p>${what}</p>`),
    ...view.refused.map((refusal) => html`<p>Refused: ${refusal.role} may not call <code>${refusal.tool}</code> with <code>${refusal.what}</code> (${refusal.rule})</p>`),
    ...view.advice.map((text) => html`<p>${text}</p>`),
    ...[...view.approvals.values()].map((asked) => html`<p>Asked: ${asked.what} (${asked.rule}) · ${asked.answer ?? 'not answered'}</p>`),
    ...view.undone.map((undone) => html`<p>Undone: ${undone.restored.join(', ')}${undone.conflicts.length > 0 ? `; conflicts: ${undone.conflicts.join(', ')}` : ''}</p>`),
  ];
  const receipt = outcome?.receipt ?? null;
  const parts = [
    ...(notices.length > 0 ? [html`<div class="notice">${notices}</div>`] : []),
    ...(receipt !== null ? [html`<p class="fact"><b>Proof</b> <code>${commandLine(receipt.argv)}</code> ended with exit code ${receipt.exit ?? 'none'}, ${link(view, 'receipt', receipt.id, `receipt ${receipt.hash.slice(0, 12)}`)}</p>`] : []),
    ...(outcome?.patch !== null && outcome?.patch !== undefined && outcome.patch !== '' ? [diff(outcome.patch)] : []),
  ];
  return { id: 'result', title: 'Result', aside: outcome === null ? '' : outcome.applied ? 'written to the working tree' : outcome.patch === null ? '' : 'not written to the working tree', body: parts };
}

function logSection(view: RunView, events: readonly RunEvent[]): Section {
  const told = events.filter((event) => event.type !== 'model.progressed');
  const rows = told.slice(0, LOG_EVENTS_MAX).map((event) => html`<tr class="item"><td class="number">${event.seq}</td><td class="number">${offset(event.at - view.startedAt)}</td><td>${event.type}</td><td><code>${short(JSON.stringify(event.data), 140)}</code></td></tr>`);
  const left = told.length - rows.length;
  const body = html`<details><summary>${some(told.length, 'event')} in order</summary><div class="wide"><table class="log"><tbody>${rows}</tbody></table></div>${left > 0 ? html`<p class="none">${some(left, 'later event')} not listed here.</p>` : ''}</details>`;
  return { id: 'log', title: 'Event log', aside: '', body };
}
