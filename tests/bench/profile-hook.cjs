// Loaded into the app with `--require` if BENCH_PROFILE names a folder: SIGUSR2 starts a CPU
// profile, the next SIGUSR2 stops it and writes it to that folder. Plain JavaScript: the app has no
// loader for TypeScript.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const path = require('node:path');

const INTERVAL_MICROSECONDS = 250;

let session = null;
let profileCount = 0;

process.on('SIGUSR2', () => {
  if (session) stopProfile();
  else startProfile();
});

function startProfile() {
  session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
  session.post('Profiler.start');
}

function stopProfile() {
  const stopped = session;
  session = null;
  stopped.post('Profiler.stop', (error, result) => {
    stopped.disconnect();
    if (error) throw error;
    const file = path.join(
      process.env.BENCH_PROFILE,
      `${process.pid}-${++profileCount}.cpuprofile`,
    );
    writeFileSync(file, JSON.stringify(result.profile));
  });
}
