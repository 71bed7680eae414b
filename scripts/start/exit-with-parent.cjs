// Loaded into the server before everything else. If the start script is killed, its IPC channel
// closes, and the server shuts down gracefully instead of running on unsupervised. `next dev`
// passes the option on to child processes, which have another parent and are not affected.
if (process.env.THROUGHLINE_STARTER === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
