/** Decides in which ways keeping a run's log can fail, and what each tells the user to do. */

export interface Holder {
  readonly pid: number;
  readonly run: string;
  readonly host: string;
  /** On another machine or in another container, where its pid means nothing. */
  readonly elsewhere: boolean;
}

/** Another run works in this workspace. One at a time: two would write the same files. */
export class WorkspaceHeld extends Error {
  override readonly name = 'WorkspaceHeld';
  readonly holder: Holder;
  constructor(holder: Holder) {
    super(
      `Run ${holder.run} (process ${holder.pid} on ${holder.host}) is at work in this workspace, and two runs would change the same files. ${
        holder.elsewhere ? 'Wait for it to end; if that machine died, try again in two minutes.' : `Wait for it to end, or stop it with: kill -INT ${holder.pid}`
      }`,
    );
    this.holder = holder;
  }
}

/** This run's lease was taken over or given back; nothing was written. */
export class StaleLease extends Error {
  override readonly name = 'StaleLease';
  readonly epoch: number;
  readonly newest: number;
  constructor(epoch: number, newest: number) {
    super(
      `This run no longer holds the workspace: its lease has epoch ${epoch}, the newest is ${newest}${epoch === newest ? ', already given back' : ''}. Nothing was written. Go on with: groundcrew resume`,
    );
    this.epoch = epoch;
    this.newest = newest;
  }
}

export type StoreFault = 'full' | 'corrupt' | 'newer' | 'read-only' | 'busy' | 'crashed' | 'closed' | 'misuse' | 'failed';

/** The log could not be kept or read. Nothing that was stored before is lost. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
  readonly kind: StoreFault;
  constructor(kind: StoreFault, message: string) {
    super(message);
    this.kind = kind;
  }
}
