/** Decides how a panel speaks with the editor: intents out, messages in, each detail asked for once. */
import type { Detail, DetailOf, HostMessage, WebviewIntent } from '../protocol/webview.ts';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

/** Details that are kept; the oldest are asked for again when looked at again. */
const DETAILS_MAX = 60;

export interface Host {
  send(intent: WebviewIntent): void;
  /** Messages other than details, in order. */
  listen(listener: (message: Exclude<HostMessage, { kind: 'detail' }>) => void): void;
  /** null: the log has none. */
  detail(run: string, of: DetailOf): Promise<Detail | null>;
  /** What this panel was given by `remember` before the window was reloaded. */
  remembered(): unknown;
  remember(state: unknown): void;
}

export function createHost(): Host {
  const api = acquireVsCodeApi();
  const open = new Map<number, (detail: Detail | null) => void>();
  const known = new Map<string, Promise<Detail | null>>();
  let requests = 0;
  return {
    send: (intent) => api.postMessage(intent),
    listen(listener) {
      window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
        const message = event.data;
        if (message.kind === 'snapshot') known.clear();
        if (message.kind !== 'detail') {
          listener(message);
          return;
        }
        open.get(message.request)?.(message.detail);
        open.delete(message.request);
      });
    },
    detail(run, of) {
      const key = JSON.stringify([run, of]);
      const before = known.get(key);
      if (before !== undefined) return before;
      requests += 1;
      const request = requests;
      const asked = new Promise<Detail | null>((resolve) => open.set(request, resolve));
      known.set(key, asked);
      const [oldest] = known.keys();
      if (known.size > DETAILS_MAX && oldest !== undefined) known.delete(oldest);
      api.postMessage({ kind: 'detail', run, request, of } satisfies WebviewIntent);
      return asked;
    },
    remembered: () => api.getState(),
    remember: (state) => api.setState(state),
  };
}
