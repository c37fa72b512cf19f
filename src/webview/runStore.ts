/** Decides what a panel knows of its run: the core's own fold of the events that came, and where each check stands in the log. */
import type { RunEvent } from '../core/domain/event.ts';
import { applyEvent, RunFold, type RunView } from '../core/run/view.ts';
import type { HostMessage, RunHead } from '../protocol/webview.ts';

export interface Shown {
  readonly head: RunHead;
  /** Advanced in place; `version` tells that it was. */
  readonly view: RunView;
  readonly version: number;
  readonly events: readonly RunEvent[];
  /** Numbers of the check.finished events, as `view.checks` has them. */
  readonly checkSeqs: readonly number[];
  /** The editor's clock less ours, ms. */
  readonly skewMs: number;
}

export type PanelState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'run'; readonly shown: Shown };

export interface RunStore {
  readonly state: PanelState;
  /** What was refused last, for the person; undefined: nothing. */
  readonly refusal: string | undefined;
  take(message: HostMessage, now: number): void;
}

export function createRunStore({ keepEvents }: { readonly keepEvents: boolean }): RunStore {
  let state: PanelState = { kind: 'loading' };
  let refusal: string | undefined;
  let fold = new RunFold();
  let events: RunEvent[] = [];
  let checkSeqs: number[] = [];

  function add(news: readonly RunEvent[]): void {
    for (const event of news) {
      if (event.seq <= fold.seq) continue;
      applyEvent(fold, event);
      if (keepEvents) events.push(event);
      if (event.type === 'check.finished') checkSeqs.push(event.seq);
    }
  }
  function show(head: RunHead, skewMs: number): void {
    const version = state.kind === 'run' ? state.shown.version + 1 : 1;
    state = { kind: 'run', shown: { head, view: fold, version, events, checkSeqs, skewMs } };
  }

  return {
    get state() {
      return state;
    },
    get refusal() {
      return refusal;
    },
    take(message, now) {
      switch (message.kind) {
        case 'empty':
          state = { kind: 'empty' };
          refusal = undefined;
          return;
        case 'snapshot':
          fold = new RunFold();
          events = [];
          checkSeqs = [];
          refusal = undefined;
          add(message.events);
          show(message.head, message.now - now);
          return;
        case 'events':
          if (state.kind !== 'run' || state.shown.head.run !== message.run) return;
          add(message.events);
          show(state.shown.head, state.shown.skewMs);
          return;
        case 'head':
          if (state.kind === 'run' && state.shown.head.run === message.head.run) show(message.head, state.shown.skewMs);
          return;
        case 'refused':
          refusal = message.reason;
          return;
        case 'detail': case 'reveal':
          return;
      }
    },
  };
}
