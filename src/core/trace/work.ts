/** Decides how the crew's work reads: tasks, messages, model calls, tool calls. */
import { brief } from '../run/brief.ts';
import type { CallView, RunView } from '../run/view.ts';
import { chip, item, pre, type Section } from './format.ts';
import { taskGraph } from './graph.ts';
import { html, type Markup, type Value } from './html.ts';
import { link } from './link.ts';
import { count, duration, json, offset, short, some } from './text.ts';
import { callBar, timeline } from './timeline.ts';

export function workSections(view: RunView): readonly Section[] {
  return [planSection(view), timelineSection(view), messageSection(view), callSection(view), toolSection(view)];
}

function planSection(view: RunView): Section {
  const rows = [...view.tasks.values()].map((task) => item({
    id: `task-${task.id}`,
    summary: html`${chip(task.role, 'role')}<span class="what">${task.title}</span>${task.planned ? '' : html`<span class="note">not in the last plan</span>`}<span class="end">${task.attempts > 1 ? `${task.attempts} attempts · ` : ''}${span(task.startedAt, task.finishedAt)}</span>${stateChip(task.state)}`,
    body: html`${fact('Acceptance', task.acceptance)}${fact('Waits for', task.dependsOn.join(', '))}${fact('Result', task.summary)}${task.output === null ? '' : pre(json(task.output))}`,
  }));
  return { id: 'plan', title: 'Plan', aside: view.planBy === null ? '' : `made by ${view.planBy === 'rules' ? 'rules' : `the ${view.planBy}`}`, body: html`${taskGraph(view)}${rows}` };
}

function timelineSection(view: RunView): Section {
  return { id: 'timeline', title: 'Timeline', aside: duration(view.durationMs), body: timeline(view) };
}

function messageSection(view: RunView): Section {
  const rows = view.messages.map((message) => html`<div class="item message" id="message-${message.id}"><p class="line"><span class="at">${offset(message.at - view.startedAt)}</span>${chip(message.sender, 'role')}<span class="note">${message.intent}${message.type === 'notification' ? '' : ` · ${message.type}`}</span>${chip(message.receiver, 'role')}${message.replyTo === null ? '' : html`<span class="note">${link(view, 'message', message.replyTo, 'answers')}</span>`}</p><p class="said">${message.body}</p></div>`);
  return { id: 'messages', title: 'Messages', aside: String(rows.length), body: rows };
}

function callSection(view: RunView): Section {
  const { tokens, estimatedCalls } = view.totals;
  const aside = `${some(view.calls.size, 'call')} · ${count(tokens.prompt)} prompt + ${count(tokens.reply)} reply tokens${estimatedCalls > 0 ? `, ${some(estimatedCalls, 'call')} estimated` : ''}`;
  return { id: 'calls', title: 'Model calls', aside, body: [...view.calls.values()].map((call) => callItem(view, call)) };
}

function callItem(view: RunView, call: CallView): Markup {
  const { tokens, timings } = call;
  const spent = tokens === null ? 'at work' : `${tokens.estimated ? '~' : ''}${count(tokens.prompt)} + ${count(tokens.reply)} tokens`;
  const state = call.state === 'completed' ? chip('completed', 'good') : chip(call.state, call.state === 'failed' ? 'bad' : 'warn');
  return item({
    id: `call-${call.call}`,
    summary: html`<span class="at">${offset(call.startedAt - view.startedAt)}</span>${chip(call.role, 'role')}<span class="what">${call.purpose}</span><span class="note reply-start">${short(call.reply, 60)}</span><span class="end">${callBar(call)}<span class="spent">${spent}${timings === null ? '' : ` · ${duration(timings.totalMs)}`}</span></span>${state}`,
    body: html`${fact('Model', `${call.model} at ${call.host}, /api/${call.endpoint}`)}${call.task === null ? '' : fact('Task', link(view, 'task', call.task))}
${timings === null ? '' : fact('Time', `queue ${duration(timings.queueMs)}, load ${duration(timings.loadMs)}, prompt ${duration(timings.promptMs)}, reply ${duration(timings.replyMs)}`)}
${fact('Options', JSON.stringify(call.options))}${fact('Error', call.error ?? '')}
${call.messages.map((message, i) => html`<h4>${call.endpoint === 'generate' ? (i === 0 ? 'prompt' : 'suffix') : message.role}</h4>${pre(message.content)}`)}
<h4>reply</h4>${pre(call.reply, 'reply')}${call.toolCalls.map((tool) => html`<h4>asks for ${tool.name}${tool.recovered ? ' (found in text)' : ''}</h4>${pre(json(tool.arguments))}`)}`,
  });
}

function toolSection(view: RunView): Section {
  const rows = view.toolCalls.map((call) => item({
    summary: html`<span class="at">${offset(call.at - view.startedAt)}</span>${chip(call.role, 'role')}<code>${call.tool}</code><span class="what note">${short(brief(call.arguments), 90)}</span><span class="end">${call.rule}${call.cached ? ' · cached' : ` · ${duration(call.durationMs)}`}</span>${chip(call.decision, call.decision === 'denied' ? 'bad' : call.decision === 'ask' ? 'warn' : call.ok ? 'good' : 'warn')}`,
    body: html`${fact('Rule', call.rule)}${call.ok ? '' : fact('Failed', 'its error is the result below')}<h4>arguments</h4>${pre(json(call.arguments))}<h4>result</h4>${pre(call.result)}`,
  }));
  const denied = view.toolCalls.filter((call) => call.decision === 'denied').length;
  return { id: 'tools', title: 'Tool calls', aside: `${count(rows.length)}${denied > 0 ? ` · ${denied} denied` : ''}`, body: rows };
}

export function fact(name: string, value: Value): Markup {
  return value === '' ? html`` : html`<p class="fact"><b>${name}</b> ${value}</p>`;
}

function stateChip(state: string): Markup {
  return chip(state, state === 'done' ? 'good' : state === 'failed' ? 'bad' : state === 'stopped' ? 'warn' : 'plain');
}

function span(from: number | null, to: number | null): string {
  return from === null ? '' : to === null ? 'not finished' : duration(to - from);
}
