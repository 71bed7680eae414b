// Loaded into the server before everything else: where the start script is killed, the channel to it
// closes, and the server ends in order instead of living on with nobody to stop it. `next dev` hands
// the option on to processes of its own, which have another parent and no part in this.
if (process.env.THROUGHLINE_STARTER === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
