/** Decides how the lines of a reply reach their reader: parsed and handed over in the moment in which they come. */
import type { RecordStream } from '../core/model/models.ts';
import type { HttpReply } from './httpFetch.ts';
import { createLineSplitter } from './ndjson.ts';

/** After its last record the server only has to end the response; waiting a little for that keeps the connection for the next call. */
const DRAIN_MS = 50;

/** Ends after the first record that `isLast`, or with the reply. */
export function recordStream<T>(reply: HttpReply, parse: (line: string) => T, isLast: (record: T) => boolean): RecordStream<T> {
  return {
    each(take) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const splitter = createLineSplitter();
      let isOver = false;
      let timer: NodeJS.Timeout | undefined;

      const accept = (lines: readonly string[]): void => {
        for (const line of lines) {
          if (isOver) return; // What follows the last record is not ours.
          const record = parse(line);
          if (!take(record)) {
            isOver = true;
            reply.close();
          } else if (isLast(record)) {
            isOver = true;
            timer = setTimeout(reply.close, DRAIN_MS);
          }
        }
      };
      reply.listen(
        (chunk) => accept(splitter.push(chunk)),
        (error) => {
          try {
            if (error === undefined) accept(splitter.end());
            clearTimeout(timer);
            if (error === undefined || isOver) resolve();
            else reject(error);
          } catch (broken) {
            reject(broken);
          }
        },
      );
      return promise;
    },
  };
}
