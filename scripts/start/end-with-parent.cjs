// Loaded into the server before everything else: where the start script is killed, the channel to it
// closes, and the server ends in order instead of living on with nobody to stop it.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
