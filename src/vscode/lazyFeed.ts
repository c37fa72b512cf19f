/** Decides that what panels need (their schemas, the diff) loads with the first panel and not at activation. */
import type { PanelFeed, PanelHost } from './panelFeed.ts';

/** The same feed: calls that come before it is loaded are made, in order, once it is. */
export function createLazyFeed(host: PanelHost): PanelFeed {
  let feed: PanelFeed | undefined;
  let isDisposed = false;
  const loading = import('./panelFeed.ts').then(({ createPanelFeed }) => {
    feed = createPanelFeed(host);
    if (isDisposed) feed[Symbol.dispose]();
    return feed;
  });
  const call = (work: (feed: PanelFeed) => void): void => {
    if (feed === undefined) void loading.then(work);
    else work(feed);
  };
  return {
    changed: () => call((each) => each.changed()),
    visible: (isVisible) => call((each) => each.visible(isVisible)),
    reveal: (of) => call((each) => each.reveal(of)),
    receive: async (raw) => await (await loading).receive(raw),
    [Symbol.dispose]() {
      isDisposed = true;
      feed?.[Symbol.dispose]();
    },
  };
}
