// Empty jobs through graphile-worker: added one by one by many callers, and done by one runner with many at once.
// Arguments: connection string, warm-up in ms, measured time in ms, jobs in flight. Prints the jobs done within the measured time.
const { EventEmitter } = require("node:events");
const { Logger, makeWorkerUtils, run } = require("graphile-worker");

async function main() {
  const [connectionString, warmUp, measured, inFlight] = process.argv.slice(2);
  const waiting = new Map();
  const events = new EventEmitter();
  events.on("job:complete", ({ job }) => {
    waiting.get(job.key)?.();
    waiting.delete(job.key);
  });
  const utils = await makeWorkerUtils({ connectionString, maxPoolSize: 10 });
  await utils.migrate();
  const runner = await run({
    connectionString,
    concurrency: Number(inFlight),
    maxPoolSize: 10,
    pollInterval: 50,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    events,
    taskList: { nothing: async () => {} },
  });

  const from = performance.now() + Number(warmUp);
  const until = from + Number(measured);
  let number = 0;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      const key = String(++number);
      const completed = new Promise((resolve) => waiting.set(key, resolve));
      await utils.addJob("nothing", {}, { jobKey: key });
      await completed;
      const now = performance.now();
      if (now >= from && now < until) done++;
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, caller));
  await runner.stop();
  await utils.release();
  console.log(done);
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
