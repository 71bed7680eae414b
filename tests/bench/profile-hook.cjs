// Loaded into the app by `--require` where BENCH_PROFILE names a folder: the first SIGUSR2 begins a
// CPU profile, the next one ends it and leaves it there. Plain JavaScript: the app has no loader.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const path = require('node:path');

const INTERVAL_MICROSECONDS = 250;

let session = null;
let written = 0;

process.on('SIGUSR2', () => {
  if (session) end();
  else begin();
});

function begin() {
  session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
  session.post('Profiler.start');
}

function end() {
  const ended = session;
  session = null;
  ended.post('Profiler.stop', (error, result) => {
    ended.disconnect();
    if (error) throw error;
    const file = path.join(process.env.BENCH_PROFILE, `${process.pid}-${++written}.cpuprofile`);
    writeFileSync(file, JSON.stringify(result.profile));
  });
}
