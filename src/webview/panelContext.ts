/** Decides what every part of a panel can do with the shown run. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Detail, DetailOf, RunAction } from '../protocol/webview.ts';
import type { Host } from './host.ts';

export interface PanelContext {
  readonly run: string;
  readonly host: Host;
  readonly act: (action: RunAction) => void;
  readonly open: (path: string, line: number) => void;
}

export const Panel = createContext<PanelContext | undefined>(undefined);

export function usePanel(): PanelContext {
  const panel = useContext(Panel);
  if (panel === undefined) throw new Error('This part of the panel is drawn outside of a run.');
  return panel;
}

/** undefined: on its way; null: the log has none. */
export function useDetail(of: DetailOf): Detail | null | undefined {
  const { host, run } = usePanel();
  const [found, setFound] = useState<{ readonly key: string; readonly detail: Detail | null }>();
  const key = JSON.stringify([run, of]);
  useEffect(() => {
    let isGone = false;
    void host.detail(run, of).then((detail) => {
      if (!isGone) setFound({ key, detail });
    });
    return () => {
      isGone = true;
    };
  }, [host, run, key]);
  return found?.key === key ? found.detail : undefined;
}
